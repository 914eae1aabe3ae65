/**
 * Hashes over all that routing answers on a set of networks, to be compared between runtimes: runs in Node, in pages and in
 * workers alike, with the kernels that the runtime allows.
 */
import { sha256Hex } from '../../engine/hash.ts';
import { fastestRouter, withLabels } from '../../engine/routing/fastest-router.ts';
import { Hierarchies } from '../../engine/routing/hierarchies.ts';
import { isShared, isWasmMemory } from '../../engine/shared-memory.ts';
import { openLabels } from '../../engine/routing/labels.ts';
import { NearestUnits } from '../../engine/routing/nearest-units.ts';
import type { Positions, Router } from '../../engine/routing/router.ts';
import { updateMetric } from '../../engine/routing/update-metric.ts';
import { UNREACHED_MS } from '../../engine/units.ts';
import { testStream } from './random-city.ts';
import { gridTown, randomPlan, randomPositionsOn } from './random-plan.ts';
import { metricOf } from './road-plan.ts';

const SEEDS = Array.from({ length: 40 }, (_, i) => 90_001 + i);
/** Streets closed one after the other. */
const CLOSURES = 5;

export interface RoutingAnswers {
  /** SHA-256 by what was asked. */
  hashes: Record<string, string>;
  /** Characters hashed, all together: how much there was to compare. */
  length: number;
  /** What the runtime allowed. */
  wasm: boolean;
  shared: boolean;
}

export async function routingAnswers(): Promise<RoutingAnswers> {
  const answers = new Map<string, string[]>();
  const note = (name: string, ...said: unknown[]): void => {
    const list = answers.get(name);
    const text = said.map((value) =>
      value instanceof Uint32Array || value instanceof Int32Array ? value.join() : JSON.stringify(value),
    );
    if (list === undefined) answers.set(name, text);
    else list.push(...text);
  };
  let wasm = false;
  let shared = false;
  const towns = [
    { seed: 1, plan: gridTown(1, 30), places: 230 },
    { seed: 2, plan: gridTown(2, 17), places: 40 },
    ...SEEDS.map((seed) => ({ seed, plan: randomPlan(seed), places: 12 })),
  ];
  for (const { seed, plan, places } of towns) {
    const random = testStream(seed);
    const hierarchies = new Hierarchies();
    const [metric] = withLabels([metricOf(plan)], { hierarchies, withSweeps: true });
    const { network, labels } = metric;
    note('hierarchy', hierarchies.of(network).place, hierarchies.of(network).up);
    const at = randomPositionsOn(network.graph, random, places);
    ask(fastestRouter(metric), at, note);
    const [customised] = withLabels([metricOf(plan)], { hierarchies, maxBytes: 0 });
    note('hierarchy router', fastestRouter(customised).matrix(at.slice(0, 12), at));
    if (labels === undefined) continue;
    const { block } = openLabels(labels).space;
    wasm = isWasmMemory(block);
    shared = isShared(isWasmMemory(block) ? block.buffer : block);
    for (let closed = 0; closed <= CLOSURES && metric.labels !== undefined; closed++) {
      const { space, query, sweep } = openLabels(metric.labels);
      note('labels', space.to, space.from, space.upTime, space.downTime);
      note('work', query.labelEntriesRead, sweep?.arcsSwept);
      const units = new NearestUnits(metric, space, query, at.length);
      at.forEach(({ segment }, unit) => units.put(unit, segment));
      const [place] = randomPositionsOn(network.graph, random, 1);
      note(
        'nearest',
        units.nearest(place, 1, (unit) => at[unit]),
        units.nearest(place, 5, (unit) => at[unit]),
      );
      note('closure', updateMetric(metric, [random.below(network.graph.nArcs)], [UNREACHED_MS]));
      note('after closures', fastestRouter(metric).matrix(at.slice(0, 10), at.slice(0, 10)));
    }
  }
  const hashes: Record<string, string> = {};
  let length = 0;
  for (const [name, said] of answers) {
    const text = said.join('\n');
    length += text.length;
    hashes[name] = await sha256Hex(new TextEncoder().encode(text));
  }
  return { hashes, length, wasm, shared };
}

function ask(router: Router, at: Positions, note: (name: string, ...said: unknown[]) => void): void {
  note('matrix', router.matrix(at, at));
  note('rows', router.timesFrom(at[0], at), router.timesTo(at, at[1]));
  const some = at.slice(0, 12);
  note(
    'one by one',
    some.map((from) => some.map((to) => router.timeMs(from, to))),
  );
  note(
    'drives',
    some.map((from) => some.map((to) => router.route(from, to))),
  );
  for (const limitMs of [1_000, 60_000]) {
    note('reach', router.reachFrom(at[0], limitMs), router.reachTo(at[0], limitMs));
  }
}
