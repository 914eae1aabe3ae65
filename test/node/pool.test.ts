import { describe, expect, it } from 'vitest';
import { createPool, ReplicationError, runReplications } from '../../engine/node/pool.ts';
import type { ToyFate, ToyPayload, ToyRecord } from './toy-worker.ts';

function toyPool(workers: number, plan: Record<string, ToyFate[]> = {}) {
  const starts = new Int32Array(new SharedArrayBuffer(4 * 100));
  const pool = createPool<ToyPayload, ToyRecord>({
    workers,
    init: { starts, plan },
    module: new URL('./toy-worker.js', import.meta.url),
  });
  return { pool, starts };
}

describe('a pool of workers', () => {
  it.each([1, 2, 3])('gives every replication once, in order of number, on %i workers', async (workers) => {
    const { pool, starts } = toyPool(workers, { 1: ['slow'] });
    const counts: number[] = [];
    const result = await runReplications(pool, 9, { onDone: (done) => counts.push(done) });
    expect(result.records.map((record) => record.replication)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(result).toMatchObject({ asked: 9, complete: true });
    expect(counts).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([...starts.slice(0, 11)]).toEqual([0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0]);
    expect(new Set(result.records.map((record) => record.thread)).size).toBeLessThanOrEqual(workers);
  });

  it.each(['throw', 'exit'] as const)(
    'runs a replication once more when its worker meets "%s"',
    async (fate) => {
      const { pool, starts } = toyPool(2, { 2: [fate], 3: [fate] });
      const result = await runReplications(pool, 6);
      expect(result.complete).toBe(true);
      expect(result.records.map((record) => record.attempt)).toEqual([0, 1, 1, 0, 0, 0]);
      expect([...starts.slice(1, 7)]).toEqual([1, 2, 2, 1, 1, 1]);
    },
  );

  it('tries again on another worker than the one that failed', async () => {
    const { pool } = toyPool(1, { 2: ['throw'] });
    const { records } = await runReplications(pool, 3);
    expect(records[1].thread).not.toBe(records[0].thread);
    expect(records[2].thread).toBe(records[1].thread);
  });

  it('stops after the second failure, with the replication and the reason', async () => {
    const { pool, starts } = toyPool(2, { 4: ['throw', 'throw'] });
    const error: unknown = await runReplications(pool, 50).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ReplicationError);
    expect((error as ReplicationError).replication).toBe(4);
    expect((error as ReplicationError).message).toBe(
      'replication 4 failed twice: unit 7 has left the road in replication 4',
    );
    expect(starts[4]).toBe(2);
  });

  it('keeps what is done when interrupted, and cuts off what does not end in time', async () => {
    const { pool, starts } = toyPool(2, { 1: ['hang'] });
    const interrupt = new AbortController();
    const result = await runReplications(pool, 60, {
      interrupted: interrupt.signal,
      onDone: (done) => done === 5 && interrupt.abort(),
    });
    expect(result.complete).toBe(false);
    expect(result.records.map((record) => record.replication)).toEqual([2, 3, 4, 5, 6]);
    expect(starts[8]).toBe(0);
  });

  it('starts nothing when it was interrupted before', async () => {
    const { pool, starts } = toyPool(2);
    const result = await runReplications(pool, 5, { interrupted: AbortSignal.abort() });
    expect(result).toEqual({ records: [], asked: 5, complete: false });
    expect(starts[1]).toBe(0);
  });

  it('puts columns into shared memory, views on one buffer together', async () => {
    const buffer = new ArrayBuffer(16);
    const { inSharedMemory } = await import('../../engine/shared-memory.ts');
    const column = new Uint32Array(buffer, 4, 2).fill(7);
    const given = {
      column,
      whole: new Uint8Array(buffer),
      by: new Map([['m', [column]]]),
      text: 'x',
      none: null,
    };
    const shared = inSharedMemory(given);
    expect(shared.column.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(shared.whole.buffer).toBe(shared.column.buffer);
    expect(shared.by.get('m')![0]).toBe(shared.column);
    expect([...shared.whole]).toEqual([...given.whole]);
    expect(structuredClone(shared).column.buffer.byteLength).toBe(16);
    expect([shared.text, shared.none]).toEqual(['x', null]);
    expect(inSharedMemory(shared).column.buffer).toBe(shared.column.buffer);
  });
});
