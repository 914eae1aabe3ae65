/** A worker thread that simulates replications. */
import { createReplicator } from '../replicate.ts';
import { serve } from './serve.ts';

serve(createReplicator);
