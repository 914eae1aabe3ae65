/** Eighty units without a queue, under three laws of service. */
import { describeLoss } from '../support/loss-suite.ts';

describeLoss({ units: 80, load: 0.8, lost: 0.007158, services: 215, warmUp: 20, replications: 160 });
