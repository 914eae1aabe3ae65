/** The jobs that the guard watches: what a dispatcher waits for, in pieces of about a millisecond. */
import { positionOfNode, type RoadGraph } from '../engine/graph/road-graph.ts';
import { DijkstraSearch } from '../engine/routing/dijkstra.ts';
import type { LabelQuery } from '../engine/routing/kernels/query.ts';
import type { Metric } from '../engine/routing/metric.ts';
import { UNREACHED_MS } from '../engine/units.ts';
import { QUESTION, randomPositions, randomStates, reweighted, stream, walks } from './inputs.ts';
import { buildFromNothing, createSubject } from './subject.ts';

export interface GuardJob {
  name: string;
  /** Does the job once and gives the sum of its answers. */
  work: () => number;
  /** Counters of the work done so far, each the same on every machine. */
  counters: () => Readonly<Record<string, number>>;
}

const UNITS = 1_000;
const FREE = 100;
/** A few inputs several times over: they fit a core's own cache, so that other processes do not decide how long it takes. */
const REPEATS = 10;

/**
 * The jobs on a road network. Each call of `work` does the same.
 * @param updated  the times that change everywhere; of a small network, so that this too is done in a time slice
 */
export function guardJobs(graph: RoadGraph, metric: Metric, updated: Metric): GuardJob[] {
  const subject = createSubject(metric);
  const { network } = subject.metric;
  const { query, sweep } = subject;
  const labelEntries = (): Record<string, number> => ({ labelEntriesRead: query.labelEntriesRead });

  const pairs = randomStates(network, 800, QUESTION.pairs);
  const half = pairs.length / 2;
  const source = randomPositions(graph, 2, QUESTION.sources);
  const targets = source.map((_, i) => randomPositions(graph, 200, QUESTION.targets + 100 * (i + 1)));
  const rows = randomStates(network, 16, QUESTION.sources);
  const columns = randomStates(network, 1_000, QUESTION.targets);
  const matrix = new Uint32Array(rows.length * columns.length);
  const ends = Array.from(randomStates(network, 8, QUESTION.pairs), (state) =>
    positionOfNode(graph, network.roadNode[state]),
  );
  const posts = randomPositions(graph, 3, QUESTION.posts);
  const heap = new DijkstraSearch(metric);
  const dijkstraSource = rows[0];

  const units = subject.nearestUnits(UNITS);
  const start = randomPositions(graph, UNITS, QUESTION.units);
  const everyUnit = start.map((_, unit) => unit);
  const places = walks(graph, start, everyUnit, QUESTION.units + 100);
  const incidents = randomPositions(graph, 25, QUESTION.incidents);
  start.forEach((position, unit) => {
    units.move(unit, position);
    units.setFree(unit, unit % (UNITS / FREE) === 0);
  });

  return [
    {
      name: 'point to point',
      work() {
        let sum = 0;
        for (let again = 0; again < REPEATS; again++) {
          for (let i = 0; i < half; i++) sum += query.timeMs(pairs[i], pairs[half + i]);
        }
        return sum;
      },
      counters: labelEntries,
    },
    {
      name: '1 x 200 positions',
      work() {
        let sum = 0;
        for (let i = 0; i < REPEATS; i++) {
          const times = subject.positionTimesFromMs(source[i % 2], targets[i % 2]);
          for (let t = 0; t < times.length; t++) sum += times[t];
        }
        return sum;
      },
      counters: labelEntries,
    },
    {
      name: 'nearest of 100 free',
      work() {
        const found = { unit: 0, timeMs: 0 };
        let sum = 0;
        for (let i = 0; i < incidents.length; i++) {
          // there and back, so that every round begins alike
          for (let m = 0; m < 20; m++) {
            const unit = (20 * i + m) % UNITS;
            units.move(unit, places[unit]);
          }
          units.nearest(incidents[i], found);
          sum += found.unit + found.timeMs;
          for (let m = 0; m < 20; m++) {
            const unit = (20 * i + m) % UNITS;
            units.move(unit, start[unit]);
          }
        }
        return sum;
      },
      counters: () => ({ ...labelEntries(), ...units.work() }),
    },
    {
      name: 'matrix block 16 x 1,000',
      work() {
        subject.matrixMs(rows, columns, matrix);
        let sum = 0;
        for (let i = 0; i < matrix.length; i++) sum += matrix[i];
        return sum;
      },
      counters: () => ({ ...labelEntries(), arcsSwept: sweep.arcsSwept }),
    },
    {
      name: 'path',
      work() {
        let sum = 0;
        for (let again = 0; again < REPEATS; again++) {
          for (let i = 0; i < ends.length; i += 2) {
            const route = subject.route(ends[i], ends[i + 1]);
            if (route !== null) sum += route.travelTimeMs + route.steps.length;
          }
        }
        return sum;
      },
      counters: subject.routeWork,
    },
    {
      name: 'reach 1, 3, 5 minutes',
      work() {
        let sum = 0;
        for (const post of posts) {
          for (const reach of subject.reachFrom(post, [60_000, 180_000, 300_000])) {
            for (const { fromMm, toMm } of reach) sum += toMm - fromMm;
          }
        }
        return sum;
      },
      counters: subject.reachWork,
    },
    newWeights(updated),
    roadClosed(metric),
    {
      name: 'plain Dijkstra to all',
      work() {
        heap.start('out');
        heap.seed(dijkstraSource, 0);
        heap.settleAll(UNREACHED_MS - 1);
        return heap.timeOf(rows[1]);
      },
      counters: () => ({ statesSettled: heap.nSettled }),
    },
  ];
}

/** New times everywhere and back, on labels of their own. */
function newWeights(metric: Metric): GuardJob {
  const { space, builder, query } = buildFromNothing(metric);
  const weights = [reweighted(metric.networkTimeMs, 0), metric.networkTimeMs];
  const answers = sumOfPairs(metric, query);
  let placesBuilt = 0;
  return {
    name: 'new weights everywhere',
    work() {
      let sum = 0;
      for (const times of weights) {
        builder.build(times);
        placesBuilt += space.nNodes;
        sum += answers();
      }
      return sum;
    },
    counters: () => ({ placesBuilt }),
  };
}

/** Roads closed one by one, each opened again, on labels of their own. */
function roadClosed(metric: Metric): GuardJob {
  const { graph, firstUse, use } = metric.network;
  const { builder, query } = buildFromNothing(metric);
  const random = stream(QUESTION.arcs);
  const roads = Array.from({ length: 3 }, () => {
    const arc = random.below(graph.nArcs);
    const arcs = use.subarray(firstUse[arc], firstUse[arc + 1]);
    return {
      arcs,
      closed: new Uint32Array(arcs.length).fill(UNREACHED_MS),
      open: arcs.map((i) => metric.networkTimeMs[i]),
    };
  });
  const answers = sumOfPairs(metric, query);
  let placesCustomised = 0;
  let placesLabelled = 0;
  return {
    name: 'one road closed',
    work() {
      let sum = 0;
      for (const { arcs, closed, open } of roads) {
        for (const times of [closed, open]) {
          const done = builder.update(arcs, times);
          placesCustomised += done.nCustomised;
          placesLabelled += done.nLabelled;
          sum += answers();
        }
      }
      return sum;
    },
    counters: () => ({ placesCustomised, placesLabelled }),
  };
}

/** Times between ten pairs: enough to see that labels are what they should be. */
function sumOfPairs({ network }: Metric, query: LabelQuery): () => number {
  const ends = randomStates(network, 20, QUESTION.pairs);
  return () => {
    let sum = 0;
    for (let i = 0; i + 1 < ends.length; i += 2) sum += query.timeMs(ends[i], ends[i + 1]);
    return sum;
  };
}
