/** Every dispatch policy. To add one: a file beside this one, and a line here. */
import { closestAvailable } from './closest-available.ts';
import type { DispatchPolicy } from './dispatch.ts';

export const DISPATCH_POLICIES: readonly DispatchPolicy[] = [closestAvailable];
