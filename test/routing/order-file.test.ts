/** The cache of contraction orders: what is written comes back; anything else is refused by name, never believed. */
import { describe, expect, it } from 'vitest';
import { graphContentHash } from '../../engine/graph/build.ts';
import { InputError } from '../../engine/errors.ts';
import { sha256Hex } from '../../engine/hash.ts';
import { findOrders, Hierarchies } from '../../engine/routing/hierarchies.ts';
import { networkOf } from '../../engine/routing/network.ts';
import { decodeOrders, encodeOrders } from '../../engine/routing/order-file.ts';
import { randomGraph } from '../support/random-city.ts';
import { withRandomRestrictions } from '../support/turn-oracle.ts';

async function town(seed: number) {
  const graph = withRandomRestrictions(await randomGraph(seed, 40), seed, 5);
  graph.contentHash = await graphContentHash(graph);
  return graph;
}

/** The file with one number changed and its checksum made right again: what a forger would write. */
async function forged(bytes: Uint8Array, at: number, value: number): Promise<Uint8Array> {
  const copy = bytes.slice();
  new DataView(copy.buffer).setUint32(at, value, true);
  const hash = await sha256Hex(copy.subarray(48));
  copy.set(
    Uint8Array.from({ length: 32 }, (_, i) => parseInt(hash.slice(2 * i, 2 * i + 2), 16)),
    16,
  );
  return copy;
}

describe('the order file', () => {
  it('gives back the orders of both networks, and hierarchies are built from them', async () => {
    const graph = await town(4);
    const orders = findOrders(graph);
    expect(orders.map(({ withTurns }) => withTurns)).toEqual([false, true]);
    expect(orders[1].rank.length).toBeGreaterThan(orders[0].rank.length);
    const read = await decodeOrders(await encodeOrders(graph, orders), 'x.order', graph);
    expect(read).toEqual(orders);
    // an order that the search would not find shows that the known one is used
    const rank = orders[0].rank.slice().reverse();
    const network = networkOf(graph, { withTurns: false });
    const usual = new Hierarchies().of(network);
    const known = new Hierarchies({ graph, orders: [{ withTurns: false, rank }] }).of(network);
    expect(known.node).not.toEqual(usual.node);
    expect(known.node.slice().sort()).toEqual(usual.node.slice().sort());
  });

  it('is refused when it is cut anywhere, or any bit of it is flipped', async () => {
    const graph = await town(5);
    const bytes = await encodeOrders(graph, findOrders(graph));
    for (let length = 0; length < bytes.length; length += length < 100 ? 1 : 37) {
      await expect(decodeOrders(bytes.slice(0, length), 'x.order', graph)).rejects.toThrow(InputError);
    }
    for (let at = 0; at < bytes.length; at += at < 100 ? 1 : 23) {
      const copy = bytes.slice();
      copy[at] ^= 1 << (at % 8);
      await expect(decodeOrders(copy, 'x.order', graph), `byte ${at}`).rejects.toThrow(InputError);
    }
    await expect(decodeOrders(Uint8Array.of(...bytes, 0), 'x.order', graph)).rejects.toThrow('checksum');
  });

  it('is refused for other roads, another version, and orders that are none', async () => {
    const [graph, other] = [await town(6), await town(7)];
    const bytes = await encodeOrders(graph, findOrders(graph));
    await expect(decodeOrders(bytes, 'x.order', other)).rejects.toThrow('is the order file of other roads');
    await expect(decodeOrders(await forged(bytes, 8, 7), 'x.order', graph)).rejects.toThrow('version 7');
    const ranks = 48 + 32 + 4 + 8;
    const second = new DataView(bytes.buffer).getUint32(ranks + 4, true);
    await expect(decodeOrders(await forged(bytes, ranks, second), 'x.order', graph)).rejects.toThrow(
      `rank ${second} is beyond the states, or given twice`,
    );
    await expect(decodeOrders(await forged(bytes, ranks, 1e6), 'x.order', graph)).rejects.toThrow(
      'rank 1000000',
    );
    await expect(decodeOrders(await forged(bytes, ranks - 4, 3), 'x.order', graph)).rejects.toThrow(
      'of 3 states',
    );
    await expect(decodeOrders(await forged(bytes, ranks - 12, 3), 'x.order', graph)).rejects.toThrow(
      'ends inside',
    );
    await expect(decodeOrders(await forged(bytes, ranks - 12, 1), 'x.order', graph)).rejects.toThrow(
      'goes on',
    );
  });
});
