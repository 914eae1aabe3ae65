/**
 * Durations drawn from their laws. Every law is drawn by inversion, from one uniform number: so a draw never shifts the
 * draws after it, and the same number gives a longer time under a longer law, which keeps compared scenarios close.
 * (Marsaglia and Tsang's gamma needs a normal number and sometimes several trials; with the normal number by inversion,
 * as here, it is no faster.)
 */
import { assertNever } from '../errors.ts';
import { exp, log } from '../math.ts';
import { normalQuantile, type RandomStream } from '../rng.ts';
import type { TimeLaw } from '../scenario/scenario.ts';
import type { Ms } from '../units.ts';
import { gammaQuantile } from './gamma.ts';

/** Whether every draw is the same. A lognormal law draws even without spread: results rest on it. */
export const isFixed = ({ type, meanMs, cv }: TimeLaw): boolean =>
  type === 'constant' || meanMs === 0 || (type === 'gamma' && cv === 0);

/** A duration of the law, whole milliseconds that fit a uint32. A fixed law draws nothing, any other one uniform number. */
export function drawLaw(law: TimeLaw, stream: RandomStream): Ms {
  return isFixed(law) ? wholeMs(law.meanMs) : lawAt(law, stream.uniform());
}

/** The quantile of the law at `u` in (0, 1). Cost: exponential 30 ns, lognormal 0.5 us, gamma about 1 us. */
export function lawAt(law: TimeLaw, u: number): Ms {
  const { type, meanMs, cv } = law;
  if (isFixed(law)) return wholeMs(meanMs);
  switch (type) {
    case 'constant':
      return wholeMs(meanMs);
    case 'exponential':
      return wholeMs(-meanMs * log(u));
    case 'gamma': {
      const shape = 1 / (cv * cv);
      return wholeMs((meanMs / shape) * gammaQuantile(shape, u));
    }
    case 'lognormal': {
      const variance = log(1 + cv * cv);
      return wholeMs(meanMs * exp(Math.sqrt(variance) * normalQuantile(u) - variance / 2));
    }
    case 'empirical':
      return wholeMs(law.valuesMs[Math.floor(u * law.valuesMs.length)]);
    default:
      return assertNever(type);
  }
}

const wholeMs = (ms: number): Ms => Math.min(0xffff_ffff, Math.round(ms));
