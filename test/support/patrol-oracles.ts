/** Patrol tours by enumeration, and bounds that no tours can beat: slow and obvious. */
import { tourMs, type TourProblem } from '../../engine/patrol/tours.ts';

/** The shortest tour of one unit through all tasks, over every order. For up to 8 tasks. */
export function shortestTourMs(p: TourProblem): number {
  let best = Infinity;
  const extend = (done: number[], left: number[]): void => {
    if (left.length === 0) best = Math.min(best, tourMs(p, 0, done));
    left.forEach((t, i) => extend([...done, t], left.toSpliced(i, 1)));
  };
  extend(
    [],
    Array.from({ length: p.nTasks }, (_, t) => t),
  );
  return best;
}

/** The shortest longest tour of several units of one round, over every share and order. For up to 6 tasks. */
export function shortestLongestTourMs(p: TourProblem): number {
  let best = Infinity;
  const share = (tours: number[][], t: number): void => {
    if (t === p.nTasks) {
      best = Math.min(best, Math.max(...tours.map((tour, unit) => shortestOrderMs(p, unit, tour))));
      return;
    }
    for (let unit = 0; unit < p.nUnits; unit++) {
      tours[unit].push(t);
      share(tours, t + 1);
      tours[unit].pop();
    }
  };
  share(
    Array.from({ length: p.nUnits }, () => []),
    0,
  );
  return best;
}

function shortestOrderMs(p: TourProblem, unit: number, tasks: readonly number[]): number {
  let best = tasks.length === 0 ? 0 : Infinity;
  const extend = (done: number[], left: readonly number[]): void => {
    if (left.length === 0) best = Math.min(best, tourMs(p, unit, done));
    left.forEach((t, i) => extend([...done, t], left.toSpliced(i, 1)));
  };
  if (tasks.length > 0) extend([], tasks);
  return best;
}

/**
 * No set of tours of one round takes less time in all: every task is entered once, at best from its nearest other task
 * or home, and once a unit comes home.
 */
export function totalTimeBoundMs(p: TourProblem): number {
  let bound = 0;
  let home = Infinity;
  for (let t = 0; t < p.nTasks; t++) {
    let enter = Infinity;
    for (let u = 0; u < p.nUnits; u++) {
      enter = Math.min(enter, p.outMs[u * p.nTasks + t]);
      home = Math.min(home, p.backMs[u * p.nTasks + t]);
    }
    for (let a = 0; a < p.nTasks; a++) if (a !== t) enter = Math.min(enter, p.linkMs[a * p.nTasks + t]);
    bound += enter + p.serviceMs[t];
  }
  return p.nTasks > 0 ? bound + home : 0;
}
