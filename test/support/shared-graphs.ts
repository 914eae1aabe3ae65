/**
 * Routing graphs of the shared data folder as road plans: DIMACS text, the lists of arcs in DC1.tar.gz, and the binary
 * files of the ngraph.path demo. What a format lacks is made up: places where it has none, times from lengths.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { assert } from '../../engine/errors.ts';
import { testStream } from './random-city.ts';
import type { RoadPlan, StreetPlan } from './road-plan.ts';

/** A metre in the plane of a binary graph, and on a meridian, in 1e-7 degrees. */
const E7_PER_M = 90;
/** 50 km/h. */
const MS_PER_M = 72;

type Places = 'made up' | 'all the same';

function placesOf(nNodes: number, places: Places): [number, number][] {
  const random = testStream(nNodes);
  return Array.from({ length: nNodes }, () =>
    places === 'made up' ? [random.below(1_000_000), random.below(1_000_000)] : [0, 0],
  );
}

/** Arcs as one-way streets; nodes count from 1 in the file. */
function oneWays(nNodes: number, arcs: readonly (readonly number[])[], places: Places): RoadPlan {
  return {
    nodes: placesOf(nNodes, places),
    streets: arcs.map(([from, to, cost]): StreetPlan => [
      from - 1,
      to - 1,
      Math.max(1, cost * 1000),
      cost,
      null,
    ]),
    restrictions: [],
    turnRules: false,
  };
}

/** rome99.gr, Rome in 1999: costs are metres, and count as milliseconds. */
export function readRome99(data: string, places: Places): RoadPlan {
  const lines = readFileSync(join(data, 'graphs/rome99.gr'), 'utf8').split('\n');
  const [, , nNodes, nArcs] = lines.find((line) => line.startsWith('p '))!.split(' ');
  const arcs = lines
    .filter((line) => line.startsWith('a '))
    .map((line) => line.split(' ').slice(1).map(Number));
  assert(arcs.length === Number(nArcs), 'rome99.gr has another number of arcs than it says');
  return oneWays(Number(nNodes), arcs, places);
}

/** DC1.tar.gz, Washington: two costs for each arc, of which one counts as milliseconds. Has loops and zeros. */
export function readWashington(data: string, cost: 'time' | 'distance', places: Places): RoadPlan {
  const [file] = untar(gunzipSync(readFileSync(join(data, 'graphs/DC1.tar.gz'))));
  const [head, , , ...lines] = file.text.trim().split('\n');
  const [nNodes, nArcs] = head.split(' ').slice(2).map(Number);
  const arcs = lines.map((line) => line.split(' ').map(Number));
  assert(arcs.length === nArcs, 'DC1 has another number of arcs than it says');
  const which = cost === 'time' ? 2 : 3;
  return oneWays(
    nNodes,
    arcs.map((arc) => [arc[0], arc[1], arc[which]]),
    places,
  );
}

/** Files of a tar archive: heads of 512 bytes with the name first and the size in octal at 124, contents padded to 512. */
function untar(bytes: Uint8Array): { name: string; text: string }[] {
  const latin1 = new TextDecoder('latin1');
  const textAt = (at: number, length: number): string =>
    latin1.decode(bytes.subarray(at, at + length)).split('\0')[0];
  const files: { name: string; text: string }[] = [];
  for (let at = 0; at + 512 <= bytes.length && bytes[at] !== 0;) {
    const size = parseInt(textAt(at + 124, 12), 8);
    files.push({ name: textAt(at, 100), text: latin1.decode(bytes.subarray(at + 512, at + 512 + size)) });
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

export const NGRAPH_CITIES = ['amsterdam', 'seattle', 'rome'] as const;

/** A city of the ngraph.path demo: two-way streets as long as they are straight, driven at 50 km/h. */
export function readNgraphCity(data: string, city: (typeof NGRAPH_CITIES)[number]): RoadPlan {
  const numbers = (name: string): Int32Array => {
    const bytes = readFileSync(join(data, 'graphs/ngraph-demo', name));
    return new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  };
  const at = numbers(`${city}-roads.co.bin`);
  const ends = numbers(`${city}-roads.gr.bin`);
  const streets: StreetPlan[] = [];
  for (let i = 0; i < ends.length; i += 2) {
    const [from, to] = [ends[i] - 1, ends[i + 1] - 1];
    const [x, y] = [at[2 * to] - at[2 * from], at[2 * to + 1] - at[2 * from + 1]];
    const metres = Math.sqrt(x * x + y * y);
    const timeMs = Math.round(metres * MS_PER_M);
    streets.push([from, to, Math.max(1, Math.round(metres * 1000)), timeMs, timeMs]);
  }
  const nodes = Array.from({ length: at.length / 2 }, (_, n): [number, number] => [
    at[2 * n] * E7_PER_M,
    at[2 * n + 1] * E7_PER_M,
  ]);
  return { nodes, streets, restrictions: [], turnRules: false };
}
