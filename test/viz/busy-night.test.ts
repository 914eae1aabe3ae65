/** A run of the engine with everything in it, as the viewer reads it, against what the engine itself writes of it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { csvParse, type DSVRowString } from 'd3-dsv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RESULT_FILES } from '../../engine/results/results-folder.ts';
import { ganttLines } from '../../viz/call-gantt.ts';
import { callStateAt, hasWaited, intervalsOf, unitsOfCall, type Calls } from '../../viz/calls.ts';
import { countWithin, curvePoints, responseCurves } from '../../viz/charts.ts';
import { moveOf } from '../../viz/doing.ts';
import { LANGUAGES, Wording } from '../../viz/i18n.ts';
import { stepsOf } from '../../viz/incident-story.ts';
import { loadCity, loadReplay, type City } from '../../viz/load.ts';
import { outcomesOverTime, waitingCalls } from '../../viz/over-time.ts';
import { reasonText } from '../../viz/reasons.ts';
import type { Replay } from '../../viz/replay.ts';
import { readSummary, type Summary } from '../../viz/summary.ts';
import { isMoving, ON_CALL, phaseAt, UNIT_STATES } from '../../viz/tracks.ts';
import { runBusyNight } from '../support/busy-night.ts';
import { folderSource } from './folder-source.ts';

const nothing = (): void => {};
const root = mkdtempSync(join(tmpdir(), 'patrol135-night-'));
let results: string;
let city: City;
let replays: Replay[];
let summary: Summary;
let rows: DSVRowString[];

beforeAll(async () => {
  results = await runBusyNight(root);
  const source = folderSource(results);
  summary = await readSummary(source, 1e9);
  city = await loadCity(source, nothing);
  replays = [];
  for (const number of [1, 2]) replays.push(await loadReplay(source, city, number, nothing));
  rows = csvParse(readFileSync(join(results, RESULT_FILES.incidents), 'utf8'));
});
afterAll(() => rmSync(root, { recursive: true }));

/** The viewer's calls beside the rows of incidents.csv. */
const beside = (): { calls: Calls; call: number; row: DSVRowString; endMs: number }[] =>
  rows.map((row) => {
    const { calls, endMs } = replays[Number(row.replication) - 1];
    return { calls, call: calls.number.indexOf(Number(row.call)), row, endMs };
  });

const msOf = (seconds: string): number => (seconds === '' ? NaN : Math.round(Number(seconds) * 1000));

describe('a busy night in the viewer', () => {
  it('has every call with the outcome, waits, units and arrivals of incidents.csv', () => {
    const seen = new Set<string>();
    for (const { calls, call, row } of beside()) {
      const { dispatched, enRoute, arrived, ready } = calls.atMs;
      expect({
        outcome: calls.end[call],
        readyMs: ready[call],
        dispatchedMs: dispatched[call],
        enRouteMs: enRoute[call],
        arrivedMs: arrived[call],
        staffedMs: calls.staffedMs[call],
        clearedMs: calls.end[call] === 'cleared' ? calls.closedMs[call] : NaN,
        waitedMs: calls.waitedMs[call],
        wanted: calls.unitsWanted[call],
        sent: calls.dispatches[call].length,
        recalled: calls.dispatches[call].filter(({ recalledMs }) => !Number.isNaN(recalledMs)).length,
        parent: calls.parent[call] < 0 ? '' : String(calls.number[calls.parent[call]]),
      }).toEqual({
        outcome: row.outcome,
        readyMs: msOf(row.readyS),
        dispatchedMs: msOf(row.dispatchedS),
        enRouteMs: msOf(row.enRouteS),
        arrivedMs: msOf(row.arrivedS),
        staffedMs: msOf(row.staffedS),
        clearedMs: msOf(row.clearedS),
        waitedMs: msOf(row.waitedS),
        wanted: Number(row.unitsWanted),
        sent: Number(row.unitsSent),
        recalled: Number(row.unitsRecalled),
        parent: row.parent,
      });
      seen.add(row.outcome);
    }
    expect([...seen].sort()).toEqual(['cleared', 'lost', 'open', 'triaged']);
    expect(rows.some((row) => Number(row.unitsRecalled) > 0)).toBe(true);
    expect(replays.some(({ calls }) => calls.holds.some((holds) => holds.length > 0))).toBe(true);
  });

  it('tells units that can be sent on their way to their base from those that are out of reach', () => {
    const { units } = JSON.parse(readFileSync(join(results, RESULT_FILES.scenario), 'utf8')) as {
      units: { id: string; answersFrom?: string }[];
    };
    const reserves = units.filter(({ answersFrom }) => answersFrom === 'post').map(({ id }) => id);
    expect([...city.postUnits]).toEqual(reserves);
    const seen = new Set<string>();
    for (const { tracks, drives } of replays) {
      tracks.unitIds.forEach((id, unit) => {
        for (let phase = tracks.firstPhase[unit]; phase < tracks.firstPhase[unit + 1]; phase++) {
          const state = UNIT_STATES[tracks.state[phase]];
          if (state === 'outOfReach') expect(reserves).toContain(id);
          if (state === 'returning') expect(reserves).not.toContain(id);
          if (phase + 1 === tracks.firstPhase[unit + 1]) continue;
          const next = UNIT_STATES[tracks.state[phase + 1]];
          const isOnTheWay = isMoving(tracks, drives, phase, tracks.startMs[phase + 1]);
          seen.add(`${state} ${next}${isOnTheWay ? ', on the way' : ''}`);
        }
      });
    }
    expect([...seen]).toEqual(expect.arrayContaining(['returning atPost', 'outOfReach atPost']));
    expect([...seen]).toContain('movingUp assigned, on the way');
    // a call may be waiting for it at its post, but takes it nowhere before
    expect([...seen]).toContain('outOfReach assigned');
    expect([...seen]).not.toContain('outOfReach assigned, on the way');
    for (const language of LANGUAGES) {
      const wording = new Wording(language);
      const texts = (['returning', 'outOfReach', 'movingUp'] as const).map((state) =>
        wording.text(`unitState.${state}`),
      );
      expect(new Set(texts).size).toBe(3);
    }
  });

  it('says where the minutes of a call went as incidents.csv does', () => {
    let nChecked = 0;
    for (const { calls, call, row } of beside()) {
      const lengthMs = new Map(
        intervalsOf(calls, call).map(({ interval, startMs, endMs }) => [interval, endMs - startMs]),
      );
      for (const [interval, column] of [
        ['earlierUnits', 'earlierUnitsS'],
        ['dispatch', 'dispatchDelayS'],
        ['turnout', 'turnoutS'],
        ['onScene', 'onSceneS'],
        ['transport', 'transportS'],
        ['handover', 'handoverS'],
        ['report', 'reportS'],
      ] as const) {
        if (row[column] === '') continue;
        expect([row.call, interval, lengthMs.get(interval)]).toEqual([row.call, interval, msOf(row[column])]);
        nChecked++;
      }
    }
    expect(nChecked).toBeGreaterThan(200);
    expect(rows.some((row) => Number(row.earlierUnitsS) > 0)).toBe(true);
  });

  it('draws the bars of each sending without a gap, from its decision to its end', () => {
    for (const { calls, endMs } of replays) {
      for (let call = 0; call < calls.nCalls; call++) {
        const [, ...lines] = ganttLines(calls, call, endMs);
        lines.forEach(({ spans }, ix) => {
          const { dispatchedMs, clearedMs, recalledMs } = calls.dispatches[call][ix];
          const until = [clearedMs, recalledMs, endMs].find((ms) => !Number.isNaN(ms))!;
          if (until === dispatchedMs) return;
          expect([spans[0].startMs, spans[spans.length - 1].endMs]).toEqual([dispatchedMs, until]);
          spans.slice(1).forEach((span, n) => expect(span.startMs).toBe(spans[n].endMs));
        });
      }
    }
  });

  it('holds a call and its units in step at every change: on it, there, its state', () => {
    for (const { calls, tracks } of replays) {
      for (let call = 0; call < calls.nCalls; call++) {
        for (let ix = calls.firstState[call]; ix < calls.firstState[call + 1]; ix++) {
          const atMs = calls.stateMs[ix];
          const { onIt, there, came } = unitsOfCall(calls, call, atMs);
          let nByTracks = 0;
          for (let unit = 0; unit < tracks.unitIds.length; unit++) {
            const phase = phaseAt(tracks, unit, atMs);
            if (phase < 0 || tracks.call[phase] !== call) continue;
            expect(ON_CALL.has(UNIT_STATES[tracks.state[phase]])).toBe(true);
            nByTracks++;
          }
          expect([calls.number[call], atMs, nByTracks]).toEqual([calls.number[call], atMs, onIt]);
          expect(came).toBeLessThanOrEqual(calls.unitsWanted[call]);
          const state = callStateAt(calls, call, atMs);
          if (state === 'waiting' || state === 'handling') expect(onIt).toBe(0);
          if (state === 'assigned') expect([onIt > 0, there]).toEqual([true, 0]);
        }
      }
    }
  });

  it('knows every row, every state of units, and the decision behind each move to another base', () => {
    const states = new Set(
      replays.flatMap(({ tracks }) => [...tracks.state].map((state) => UNIT_STATES[state])),
    );
    expect([...states].sort()).toEqual([...UNIT_STATES].sort());
    let nMoves = 0;
    for (const replay of replays) {
      expect(replay.nUnknownRows).toBe(0);
      const { tracks } = replay;
      for (let unit = 0; unit < tracks.unitIds.length; unit++) {
        for (let phase = tracks.firstPhase[unit]; phase < tracks.firstPhase[unit + 1]; phase++) {
          if (UNIT_STATES[tracks.state[phase]] !== 'movingUp') continue;
          const move = moveOf(replay, phase, unit)!;
          expect(`moveUp:${move.base}`).toBe(tracks.tasks[tracks.task[phase]]);
          expect(move.candidates.length).toBeGreaterThan(1);
          nMoves++;
        }
      }
    }
    expect(nMoves).toBeGreaterThan(5);
  });

  it('counts lost, waiting and triaged calls as kpis.json does', () => {
    const losses = summary.kpis.losses!.find(({ group }) => group === 'all')!;
    const scored = replays.flatMap(({ calls }) =>
      [...calls.atMs.occurred.keys()]
        .filter((call) => calls.atMs.occurred[call] >= 0)
        .map((call) => ({ calls, call })),
    );
    expect(scored.length).toBe(losses.n);
    const nLost = scored.filter(({ calls, call }) => calls.end[call] === 'lost').length;
    const nTriaged = scored.filter(({ calls, call }) => calls.end[call] === 'triaged').length;
    expect(nTriaged / losses.n).toBeCloseTo(losses.triaged.value!, 12);
    expect(nLost / (losses.n - nTriaged)).toBeCloseTo(losses.lost.value!, 12);
    const bins = replays.map(({ calls, endMs }) => outcomesOverTime(calls, endMs, 48));
    expect(bins.reduce((sum, { totals }) => sum + totals.lost, 0)).toBe(nLost);
    expect(bins.reduce((sum, { totals }) => sum + totals.triaged, 0)).toBe(nTriaged);
    // of a call that somebody was sent to, the table knows the waits up to then only
    const nWaited = scored.filter(({ calls, call }) =>
      calls.dispatches[call].length > 0 ? calls.waitedMs[call] > 0 : hasWaited(calls, call, Infinity),
    ).length;
    expect(nWaited / losses.waited.n).toBeCloseTo(losses.waited.value!, 12);
    expect(nWaited).toBeGreaterThan(3);
  });

  it('sees at any time as many waiting calls as their states say', () => {
    for (const { calls } of replays) {
      const steps = waitingCalls(calls);
      expect(steps.most).toBeGreaterThan(1);
      steps.atMs.forEach((atMs, ix) => {
        let n = 0;
        for (let call = 0; call < calls.nCalls; call++) {
          if (calls.atMs.occurred[call] <= atMs && callStateAt(calls, call, atMs) === 'waiting') n++;
        }
        expect([atMs, steps.n[ix]]).toEqual([atMs, n]);
      });
    }
  });

  it('draws curves of the first and of all units needed, the first as the table has it', () => {
    const [table] = summary.kpis.achieved;
    for (const [seconds, share] of [
      [60, table.within1min],
      [180, table.within3min],
      [300, table.within5min],
    ] as const) {
      let [n, hits, decided] = [0, 0, 0];
      for (const { calls, endMs } of replays) {
        const [first] = responseCurves(calls, endMs, summary.kpis.clockStart, 'all');
        const [all] = responseCurves(calls, endMs, summary.kpis.clockStart, 'all', 'all');
        expect(all.n).toBe(first.n);
        const within = countWithin(first, seconds);
        const allWithin = countWithin(all, seconds);
        expect(allWithin.hits).toBeLessThanOrEqual(within.hits);
        expect(allWithin.decided).toBeLessThanOrEqual(within.decided);
        n += first.n;
        hits += within.hits;
        decided += within.decided;
      }
      // those still undecided when the run ended are left out of both
      expect([n, decided, hits / decided]).toEqual([table.n, share.n, share.value]);
      expect(decided).toBeLessThan(n);
    }
    for (const { calls, endMs } of replays) {
      const [first] = responseCurves(calls, endMs, summary.kpis.clockStart, 'all');
      const [all] = responseCurves(calls, endMs, summary.kpis.clockStart, 'all', 'all');
      expect(countWithin(all, 180).hits).toBeLessThan(countWithin(first, 180).hits);
      const shares = curvePoints(first, 1800).map(([, share]) => share);
      expect(shares).toEqual([...shares].sort((a, b) => a - b));
      expect(shares.length).toBeGreaterThan(10);
    }
  });

  it('tells the story of a call in order, ending with what became of it, in both languages', () => {
    for (const language of LANGUAGES) {
      const wording = new Wording(language);
      for (const { calls } of replays) {
        for (let call = 0; call < calls.nCalls; call++) {
          const steps = stepsOf(calls, call, city.places, wording);
          steps.slice(1).forEach(({ ms }, ix) => expect(ms).toBeGreaterThanOrEqual(steps[ix].ms));
          const end = calls.end[call];
          if (end === 'open') continue;
          expect(steps.map(({ text }) => text)).toContain(wording.text(`ended.${end}`));
        }
      }
    }
  });

  it('knows the places that people are brought to', () => {
    expect(city.places.destinations.map(({ id, sort }) => [id, sort])).toEqual([
      ['custody', 'custody'],
      ['hospital', 'hospital'],
    ]);
    const ids = city.places.destinations.map(({ id }) => id);
    const brought = replays.flatMap(({ calls }) =>
      calls.dispatches.flat().flatMap(({ destination }) => (destination === '' ? [] : [destination])),
    );
    expect(brought.length).toBeGreaterThan(2);
    for (const id of brought) expect(ids).toContain(id);
  });
});

describe('reasons in Chinese', () => {
  /** What is left of a reason when names and numbers are gone. */
  const english = (reason: string): string =>
    reasonText(reason, new Wording('zh-CN')).replace(
      /\b(car-\d|moto-1|reserve|post|east|south|market|school)\b/g,
      '',
    );

  it.each([
    ['re-dispatch over pre-emption', undefined, { type: 'keep-core-covered' }],
    ['own sector', { type: 'own-sector-first' }, { type: 'compliance-table' }],
    ['a list', { type: 'preference-list' }, { type: 'back-to-post' }],
    ['maximal coverage', { type: 'maximal-coverage' }, { type: 'dynamic-mexclp' }],
  ])('are known for each policy: %s', async (name, dispatch, moveUp) => {
    const folder = join(root, name);
    const source = folderSource(
      await runBusyNight(folder, { ...(dispatch ? { dispatch } : {}), moveUp, replications: 1 }),
    );
    const { calls, moves } = await loadReplay(source, city, 1, nothing);
    const reasons = new Set([
      ...calls.dispatches.flat().flatMap(({ reason, recallReason }) => [reason, recallReason]),
      ...calls.holds.flat().map(({ reason }) => reason),
      ...calls.lostReason,
      ...moves.flatMap(({ reason, shortfall }) => [reason, shortfall]),
    ]);
    expect(reasons.size).toBeGreaterThan(2);
    for (const reason of reasons)
      expect([reason, english(reason)]).toEqual([reason, expect.not.stringMatching(/[a-z]/i)]);
  });
});

describe('a run without a log', () => {
  it('opens with its figures and its map, and says that there is nothing to play', async () => {
    const folder = await runBusyNight(join(root, 'no-log'), { log: false, replications: 1 });
    const source = folderSource(folder);
    expect(source.sizes.has(RESULT_FILES.events)).toBe(false);
    const { hasLog, kpis } = await readSummary(source, 1e9);
    expect([hasLog, kpis.log]).toEqual([false, false]);
    expect(kpis.losses!.length).toBeGreaterThan(1);
    expect((await loadCity(source, nothing)).places.zones.length).toBe(2);
  });
});
