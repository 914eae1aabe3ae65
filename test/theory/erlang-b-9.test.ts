/** Nine units without a queue, at two loads and under three laws of service. Relaxation takes less than one service. */
import { describeLoss } from '../support/loss-suite.ts';

describeLoss({ units: 9, load: 0.5, lost: 0.023567, services: 520, warmUp: 30, replications: 160 });
describeLoss({ units: 9, load: 0.7, lost: 0.088505, services: 200, warmUp: 30, replications: 160 });
