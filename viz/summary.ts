/** The small files of a results folder: what was run (manifest.json) and its figures (kpis.json). */
import {
  RESULT_FILES,
  type ClauseScore,
  type Estimate,
  type IntervalMethod,
  type KpisJson,
  type LossRow,
  type SteadyStateJson,
  type TierRow,
  type TimeSplit,
  type UntilJson,
} from '../engine/results/results-folder.ts';
import { JsonValue } from './json-shape.ts';
import { VIEWER_LIMITS } from './limits.ts';
import { ResultsProblem } from './problem.ts';
import type { ResultFileName, ResultsSource } from './source.ts';

export interface Summary {
  scenario: string;
  engineVersion: string;
  seed: string;
  /** Replications in the files. */
  replications: number;
  /** False when the run was interrupted. */
  complete: boolean;
  /** Local start of the scored time, `YYYY-MM-DDTHH:MM`; null when the manifest does not say. */
  start: string | null;
  /** Whether the run kept its event log. Without one there is nothing to play. */
  hasLog: boolean;
  kpis: KpisJson;
  totalBytes: number;
}

const REQUIRED: readonly ResultFileName[] = [
  RESULT_FILES.manifest,
  RESULT_FILES.kpis,
  RESULT_FILES.events,
  RESULT_FILES.routes,
  RESULT_FILES.roads,
  RESULT_FILES.city,
  RESULT_FILES.scenario,
];
/** Missing where the run was told to keep no log. */
const OF_LOG: readonly ResultFileName[] = [RESULT_FILES.events, RESULT_FILES.routes];

/**
 * Refuses a folder that is no results folder, lacks files, or is larger than `limitBytes` all together. Looks at
 * names and sizes only; whether files of the log may be missing is for the manifest to say.
 * @returns the bytes of all files together, and which files of the log are missing
 */
function checkFolder(
  source: ResultsSource,
  limitBytes: number,
): { totalBytes: number; noLog: ResultFileName[] } {
  if (source.sizes.size === 0) throw new ResultsProblem('notResults');
  const missing = REQUIRED.filter((name) => !source.sizes.has(name));
  if (missing.some((name) => !OF_LOG.includes(name))) throw missingFiles(missing);
  let total = 0;
  for (const bytes of source.sizes.values()) total += bytes;
  if (total > limitBytes) {
    throw new ResultsProblem('tooLarge', { megabytes: toMB(total), limit: toMB(limitBytes) });
  }
  return { totalBytes: total, noLog: missing };
}

const missingFiles = (names: readonly string[]): ResultsProblem =>
  new ResultsProblem('missingFiles', { files: names.join(', ') });

const toMB = (bytes: number): number => Math.ceil(bytes / 1024 ** 2);

/** Reads one JSON file of the folder whole. */
export async function readJson(source: ResultsSource, name: ResultFileName): Promise<JsonValue> {
  const file = source.open(name);
  if (file.byteLength > VIEWER_LIMITS.jsonBytes) {
    throw new ResultsProblem('fileTooLarge', {
      file: name,
      megabytes: toMB(file.byteLength),
      limit: toMB(VIEWER_LIMITS.jsonBytes),
    });
  }
  const bytes = await file.slice(0, file.byteLength);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return new JsonValue(JSON.parse(text) as unknown, name);
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 200) : '';
    throw new ResultsProblem('badJson', { file: name, reason });
  }
}

/** Checks the folder and reads its small files. */
export async function readSummary(source: ResultsSource, limitBytes: number): Promise<Summary> {
  const { totalBytes, noLog } = checkFolder(source, limitBytes);
  const manifest = await readJson(source, RESULT_FILES.manifest);
  const hasLog = manifest.at('log').isMissing || manifest.at('log').boolean();
  if (hasLog && noLog.length > 0) throw missingFiles(noLog);
  const kpis = readKpis(await readJson(source, RESULT_FILES.kpis));
  const start = manifest.at('start').textOr('');
  return {
    scenario: kpis.scenario,
    engineVersion: manifest.at('engineVersion').textOr(''),
    seed: manifest.at('seed').isMissing ? '' : manifest.at('seed').label(),
    replications: kpis.replications,
    complete: kpis.complete,
    start: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(start) ? start : null,
    hasLog,
    kpis,
    totalBytes,
  };
}

const estimate = (value: JsonValue): Estimate => {
  const ci = value.at('ci95');
  const bounds = ci.isMissing ? null : ci.list((bound) => bound.number(), 2);
  return {
    value: value.at('value').numberOrNull(),
    ci95: bounds?.length === 2 ? [bounds[0], bounds[1]] : null,
    method: value.at('method').isMissing ? null : (value.at('method').text() as IntervalMethod),
    n: value.at('n').number(),
  };
};

const tierRow = (row: JsonValue): TierRow => ({
  group: row.at('group').text(),
  label: row.at('label').text(),
  n: row.at('n').number(),
  within1min: estimate(row.at('within1min')),
  within3min: estimate(row.at('within3min')),
  within5min: estimate(row.at('within5min')),
  meanS: estimate(row.at('meanS')),
  p50S: estimate(row.at('p50S')),
  p90S: estimate(row.at('p90S')),
  p95S: estimate(row.at('p95S')),
});

const clauseScore = (clause: JsonValue): ClauseScore => ({
  clause: clause.at('clause').text(),
  selector: clause.at('selector').text(),
  event: clause.at('event').text(),
  clockStart: clause.at('clockStart').text(),
  thresholdS: clause.at('thresholdS').number(),
  targetShare: clause.at('targetShare').numberOrNull(),
  statistic: clause.at('statistic').text(),
  nSelected: clause.at('nSelected').number(),
  nLeftOut: clause.at('nLeftOut').number(),
  estimate: estimate(clause.at('estimate')),
  met: clause.at('met').booleanOrNull(),
  notScored: clause.at('notScored').isMissing ? null : clause.at('notScored').text(),
});

const lossRow = (row: JsonValue): LossRow => ({
  group: row.at('group').text(),
  label: row.at('label').text(),
  n: row.at('n').number(),
  triaged: estimate(row.at('triaged')),
  lost: estimate(row.at('lost')),
  waited: estimate(row.at('waited')),
  meanWaitS: estimate(row.at('meanWaitS')),
});

const timeSplit = (split: JsonValue): TimeSplit => ({
  busyShare: estimate(split.at('busyShare')),
  onDutyHours: split.at('onDutyHours').number(),
  activityShare: estimate(split.at('activityShare')),
  breakShare: estimate(split.at('breakShare')),
  outOfServiceShare: estimate(split.at('outOfServiceShare')),
  overtimeHours: estimate(split.at('overtimeHours')),
});

const intervals = (list: JsonValue): KpisJson['waterfall'] =>
  list.list((row) => ({ interval: row.at('interval').text(), meanS: estimate(row.at('meanS')) }));

const steadyState = (run: JsonValue): SteadyStateJson => ({
  batches: run.at('batches').number(),
  batchS: run.at('batchS').number(),
  checks: run.at('checks').list((row) => {
    const check = row.at('check');
    return {
      figure: row.at('figure').text(),
      check: check.isMissing
        ? null
        : {
            n: check.at('n').number(),
            lag1: check.at('lag1').number(),
            vonNeumann: check.at('vonNeumann').number(),
            correlated: check.at('correlated').boolean(),
          },
    };
  }),
  warmUp: {
    givenS: run.at('warmUp').at('givenS').number(),
    suggestedS: run.at('warmUp').at('suggestedS').numberOrNull(),
    method: run.at('warmUp').at('method').text(),
  },
});

const untilRule = (rule: JsonValue): UntilJson => ({
  halfWidth: rule.at('halfWidth').number(),
  reached: rule.at('reached').numberOrNull(),
  of: rule.at('of').text(),
  group: rule.at('group').text(),
  clockStart: rule.at('clockStart').text(),
  batch: rule.at('batch').number(),
  most: rule.at('most').number(),
  replications: rule.at('replications').number(),
  stopped: rule.at('stopped').text() as UntilJson['stopped'],
});

/** What `read` makes of a key that may be missing, as a part of an object. */
function part<K extends string, T>(
  from: JsonValue,
  key: K,
  read: (value: JsonValue) => T,
): { [key in K]?: T } {
  const value = from.at(key);
  return value.isMissing ? {} : ({ [key]: read(value) } as { [key in K]: T });
}

/** kpis.json as the results stage writes it; the viewer keeps what it shows. */
function readKpis(kpis: JsonValue): KpisJson {
  const version = kpis.at('version').number();
  if (version !== 1)
    throw new ResultsProblem('badShape', { file: RESULT_FILES.kpis, place: '/version', wanted: '1' });
  const potential = kpis.at('potential');
  const patrol = kpis.at('patrol');
  return {
    version: 1,
    scenario: kpis.at('scenario').text(),
    replications: kpis.at('replications').count(VIEWER_LIMITS.replications),
    complete: kpis.at('complete').boolean(),
    clockStart: kpis.at('clockStart').text(),
    achieved: kpis.at('achieved').list(tierRow),
    potential: {
      clockStart: 'enRoute',
      rows: potential.at('rows').list((row) => ({
        group: row.at('group').text(),
        label: row.at('label').text(),
        within1min: row.at('within1min').number(),
        within3min: row.at('within3min').number(),
        within5min: row.at('within5min').number(),
      })),
    },
    standards: kpis.at('standards').list((standard) => ({
      id: standard.at('id').text(),
      title: standard.at('title').textOr(''),
      source: standard.at('source').textOr(''),
      clauses: standard.at('clauses').list(clauseScore),
    })),
    waterfall: intervals(kpis.at('waterfall')),
    ...part(kpis, 'waterfallByPriority', (list) =>
      list.list((row) => ({
        group: row.at('group').text(),
        label: row.at('label').text(),
        intervals: intervals(row.at('intervals')),
      })),
    ),
    ...part(kpis, 'until', untilRule),
    ...part(kpis, 'log', (value) => value.boolean()),
    ...part(kpis, 'sameCalls', (value) => value.boolean()),
    ...part(kpis, 'losses', (list) => list.list(lossRow)),
    ...part(kpis, 'fleet', timeSplit),
    ...part(kpis, 'steadyState', steadyState),
    utilisation: kpis.at('utilisation').list((row) => ({
      unit: row.at('unit').text(),
      busyShare: estimate(row.at('busyShare')),
      onDutyHours: row.at('onDutyHours').number(),
      ...part(row, 'activityShare', estimate),
      ...part(row, 'breakShare', estimate),
      ...part(row, 'outOfServiceShare', estimate),
      ...part(row, 'overtimeHours', estimate),
    })),
    calls: {
      perReplication: estimate(kpis.at('calls').at('perReplication')),
      openAtEnd: estimate(kpis.at('calls').at('openAtEnd')),
    },
    patrol: {
      visits: quota(patrol.at('visits')),
      passes: quota(patrol.at('passes')),
      missed: patrol.at('missed').list((row) => ({
        task: row.at('task').text(),
        shift: row.at('shift').text(),
        cause: row.at('cause').text(),
        perReplication: row.at('perReplication').number(),
      })),
      longestGapS: patrol.at('longestGapS').list((row) => ({
        point: row.at('point').text(),
        allowedS: row.at('allowedS').numberOrNull(),
        longestS: estimate(row.at('longestS')),
      })),
    },
  };
}

const quota = (value: JsonValue): { asked: number; done: Estimate } => ({
  asked: value.at('asked').number(),
  done: estimate(value.at('done')),
});
