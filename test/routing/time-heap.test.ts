import { describe, expect, it } from 'vitest';
import { alongHilbertCurve } from '../../engine/routing/hilbert.ts';
import { TimeHeap } from '../../engine/routing/time-heap.ts';
import { testStream } from '../support/random-city.ts';

describe('the heap of states by time', () => {
  for (const seed of [1, 2, 3]) {
    it(`gives entries by time, however pushes and removals mix (seed ${seed})`, () => {
      const random = testStream(seed);
      const heap = new TimeHeap(1); // grows
      const held: { timeMs: number; state: number }[] = [];
      for (let step = 0; step < 3_000; step++) {
        expect(heap.isEmpty).toBe(held.length === 0);
        if (held.length > 0 && random.below(5) < 2) {
          const firstMs = Math.min(...held.map(({ timeMs }) => timeMs));
          expect(heap.firstMs).toBe(firstMs);
          const at = held.findIndex(({ timeMs, state }) => timeMs === firstMs && state === heap.firstState);
          expect(at).toBeGreaterThanOrEqual(0);
          held.splice(at, 1);
          heap.removeFirst();
        } else {
          // few different times, so that many are equal; 2^31 - 2 is the longest
          const timeMs = random.below(20) === 0 ? 2 ** 31 - 2 : random.below(50);
          held.push({ timeMs, state: step });
          heap.push(timeMs, step);
        }
      }
      heap.clear();
      expect(heap.isEmpty).toBe(true);
    });
  }
});

describe('the Hilbert curve', () => {
  it('visits every crossing of a grid once, each next to the one before', () => {
    const SIDE = 16;
    const cells = Array.from({ length: SIDE * SIDE }, (_, i) => ({ x: i % SIDE, y: Math.floor(i / SIDE) }));
    const order = alongHilbertCurve(
      cells.map(({ x }) => x),
      cells.map(({ y }) => y),
    );
    expect([...order].sort((a, b) => a - b)).toEqual(cells.map((_, i) => i));
    for (let i = 1; i < order.length; i++) {
      const [a, b] = [cells[order[i - 1]], cells[order[i]]];
      expect(Math.abs(a.x - b.x) + Math.abs(a.y - b.y)).toBe(1);
    }
  });

  it('keeps points on one spot in their order', () => {
    expect([...alongHilbertCurve([7, 7, 7], [3, 3, 3])]).toEqual([0, 1, 2]);
  });
});
