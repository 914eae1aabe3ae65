/**
 * Whether plans answer the same calls: what comes in from outside, told without any plan's own numbers for roads, zones
 * and categories. A call is when it occurs, where (longitude and latitude), and what it needs: category, priority, units,
 * skills, time on scene, whether it ends at the desk, transport, handover, report, and the call it follows.
 */
import type { City } from '../city/city.ts';
import type { CallStream, CallTable } from '../demand/demand.ts';
import { pointOfPosition } from '../graph/road-graph.ts';
import { E7, MS_PER_S, NONE } from '../units.ts';

/** What a category asks for, as text; a siren is how it is answered and no part of it. */
function categoryNeeds({ scenario, categories }: City): string[] {
  return categories.map(({ id, priority, units, release, skills, transport }) => {
    const names = scenario.skills.filter((_, bit) => (skills & (1 << bit)) !== 0).sort();
    return JSON.stringify([id, priority, units, release, names, transport?.kind ?? null]);
  });
}

/** `ordinary (priority 2, 1 unit, skill dog)`. */
function inWords(needs: string): string {
  const [id, priority, units, release, skills, transport] = JSON.parse(needs) as [
    string,
    number,
    number,
    string,
    string[],
    string | null,
  ];
  const parts = [
    `priority ${priority}`,
    units === 1
      ? '1 unit'
      : `${units} units that leave ${release === 'together' ? 'together' : 'one by one'}`,
    ...skills.map((skill) => `skill ${skill}`),
    ...(transport === null ? [] : [`people brought to ${transport}`]),
  ];
  return `${id} (${parts.join(', ')})`;
}

/** Takes one word after the other; 64 bits, for telling streams apart by accident, not by malice. */
class StreamHash {
  private a = 0x9e3779b9;
  private b = 0x85ebca6b;

  /** MurmurHash3's mixing of a 32-bit word (Appleby, public domain), twice with other constants. */
  word(value: number): void {
    this.a = mixed(this.a, value, 0xcc9e2d51, 0x1b873593);
    this.b = mixed(this.b, value, 0x239b961b, 0x38b34ae5);
  }

  number(value: number): void {
    const high = Math.floor(value / 0x1_0000_0000);
    this.word(value - high * 0x1_0000_0000);
    this.word(high);
  }

  text(value: string): void {
    this.word(value.length);
    for (let i = 0; i < value.length; i++) this.word(value.charCodeAt(i));
  }

  words(): [number, number] {
    return [this.a, this.b];
  }

  /** 16 hexadecimal digits. */
  hex(): string {
    return this.words()
      .map((half) => (half >>> 0).toString(16).padStart(8, '0'))
      .join('');
  }
}

function mixed(hash: number, word: number, c1: number, c2: number): number {
  let k = Math.imul(word, c1);
  k = Math.imul((k << 15) | (k >>> 17), c2);
  const h = hash ^ k;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

interface HashedCalls {
  /** The same stream; blocks are taken into account as they are handed out. */
  stream: CallStream;
  nCalls(): number;
  /** Of the blocks handed out so far. */
  hex(): string;
}

/** Hashes what comes in while it comes in. Cost O(shape of a segment) for each call. */
export function hashCalls(city: City, calls: CallStream): HashedCalls {
  const hash = new StreamHash();
  const needs = categoryNeeds(city).map((text) => {
    const ofText = new StreamHash();
    ofText.text(text);
    return ofText.words();
  });
  let nCalls = 0;
  return {
    stream: {
      next() {
        const block = calls.next();
        if (block === null) return null;
        nCalls += block.nCalls;
        for (let row = 0; row < block.nCalls; row++) {
          const { lonE7, latE7 } = placeOf(city, block, row);
          hash.number(block.occurredMs[row]);
          hash.word(lonE7);
          hash.word(latE7);
          const [a, b] = needs[block.category[row]];
          hash.word(a);
          hash.word(b);
          hash.word(block.onSceneMs[row]);
          hash.word(block.triaged[row] + 2 * block.transported[row]);
          hash.word(block.handoverMs[row]);
          hash.word(block.reportMs[row]);
          hash.word(block.parent[row]);
        }
        return block;
      },
    },
    nCalls: () => nCalls,
    hex: () => hash.hex(),
  };
}

const placeOf = ({ graph }: City, { segment, offsetMm }: CallTable, row: number) =>
  pointOfPosition(graph, { segment: segment[row], offsetMm: offsetMm[row] });

/** The first call in which two cities differ, as each has it; null where they have the same calls. Cost O(calls). */
export function firstDifference(
  a: { city: City; calls: CallStream },
  b: { city: City; calls: CallStream },
): { call: number; a: string; b: string } | null {
  const [ofA, ofB] = [described(a), described(b)];
  for (let call = 1; ; call++) {
    const [one, other] = [ofA.next().value, ofB.next().value];
    if (one === undefined && other === undefined) return null;
    if (one !== other) return { call, a: one ?? 'there is none', b: other ?? 'there is none' };
  }
}

function* described({ city, calls }: { city: City; calls: CallStream }): Generator<string, undefined> {
  const needs = categoryNeeds(city).map(inWords);
  for (let block = calls.next(); block !== null; block = calls.next()) {
    for (let row = 0; row < block.nCalls; row++) {
      const { lonE7, latE7 } = placeOf(city, block, row);
      const parts = [
        `at ${block.occurredMs[row] / MS_PER_S} s`,
        `at ${lonE7 / E7}, ${latE7 / E7}`,
        `category ${needs[block.category[row]]}`,
        `${block.onSceneMs[row] / MS_PER_S} s on scene`,
        ...(block.triaged[row] === 1 ? ['ended at the desk'] : []),
        ...(block.transported[row] === 1
          ? [`transport, handover ${block.handoverMs[row] / MS_PER_S} s`]
          : []),
        ...(block.reportMs[row] > 0 ? [`report ${block.reportMs[row] / MS_PER_S} s`] : []),
        ...(block.parent[row] === NONE ? [] : [`after call ${block.parent[row] + 1}`]),
      ];
      yield parts.join(', ');
    }
  }
  return undefined;
}
