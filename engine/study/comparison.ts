/** Plans compared over the same replications: what `patrol135 compare` writes as compare.json. */
import { assert } from '../errors.ts';
import {
  CONFIDENCE,
  distinctItems,
  ratioOverReplications,
  shareOverReplications,
  timeShareOverReplications,
} from '../results/interval.ts';
import { tierClock } from '../results/kpis/tier-clock.ts';
import { copiesOfCalls, type RunFacts } from '../results/run-facts.ts';
import { tallyPlan } from '../results/tally.ts';
import {
  columnOf,
  type Difference,
  differenceOf,
  type FigureColumn,
  ownHalfWidth,
  replicationsToSee,
  smallestSeen,
} from './difference.ts';
import {
  countedClauses,
  figureName,
  type FigureKey,
  type FigureOf,
  type FigureSample,
  isRatio,
  unitOf,
} from './figures.ts';
import type { PlanReplication } from './plan-replication.ts';
import { PERCENTILES, type ResponseFigure } from './response-figures.ts';

/** A plan of a study. */
export interface StudyPlan {
  /** A, B, C… in the order given. */
  letter: string;
  facts: RunFacts;
}

/** What a plan is, for the reader of compare.json; told by whoever opened it. */
export interface PlanJson {
  plan: string;
  scenario: string;
  file: string;
  sha256: string;
  /** What was changed of the file, as asked. */
  edits: string[];
}

export interface DifferenceJson extends Omit<Difference, 'same' | 'degreesOfFreedom'> {
  plan: string;
  /** The plan that it is compared with: value is `plan` less `against`. */
  against: string;
  /** Of the interval: that of all comparisons of the figure together is 0.95. */
  confidence: number;
  /**
   * `different`: the interval does not hold 0; `notApart`: it does; `same`: every replication gave both the same;
   * `unknown`: there is no interval.
   */
  verdict: 'different' | 'notApart' | 'same' | 'unknown';
  /** A difference that as many replications find beyond chance in four of five studies. */
  smallestSeen: number | null;
  /** Replications that find one as large as this in four of five. */
  replicationsToSee: number | null;
}

export interface ComparedFigure {
  figure: FigureKey;
  group: string;
  name: string;
  unit: 'share' | 's' | 'h';
  /** Where the clock of the figure starts; null where it has none. */
  clockStart: string | null;
  /** n: calls behind the value; of shares of time and hours, replications. */
  plans: { plan: string; value: number | null; ci95: [number, number] | null; n: number }[];
  differences: DifferenceJson[];
}

export interface ComparisonJson {
  version: 1;
  engineVersion: string;
  seed: number | string;
  replications: number;
  /** Whether replication r of all plans has the same calls, so that differences are taken within it. */
  paired: boolean;
  /** Whether each replication has the same calls, those of a file: then n counts each call once. */
  sameCalls: boolean;
  /** Calls of all replications, warm-up included, and the hash of what they are, by plan. */
  calls: { plan: string; n: number; hash: string }[];
  plans: PlanJson[];
  /** Comparisons of each figure whose intervals hold together with 95 % (Bonferroni). */
  comparisons: number;
  confidence: number;
  /** The standard of `late`: that of the first plan, and its clauses that were counted; null without that figure. */
  late: { standard: string; clauses: string[] } | null;
  figures: ComparedFigure[];
}

export interface ComparisonInput {
  engineVersion: string;
  seed: number | string;
  plans: readonly (StudyPlan & { about: PlanJson })[];
  figures: readonly FigureOf[];
  /** By plan, then in order of replication. */
  replications: readonly (readonly PlanReplication[])[];
  paired: boolean;
  /** Every plan against every other instead of against the first. */
  allPairs: boolean;
}

/** Cost O(plans x figures x replications). */
export function compare(input: ComparisonInput): ComparisonJson {
  const { engineVersion, seed, plans, figures, replications, paired, allPairs } = input;
  const R = replications[0].length;
  assert(
    replications.every(
      (ofPlan) => ofPlan.length === R && ofPlan.every(({ replication }, r) => replication === r + 1),
    ),
    'a replication of a plan is missing',
  );
  const pairs = plans.flatMap((_, b) =>
    plans.flatMap((__, a) => (a < b && (allPairs || a === 0) ? [[a, b] as const] : [])),
  );
  const confidence = 1 - (1 - CONFIDENCE) / pairs.length;
  const clauses = countedClauses(plans[0].facts);
  return {
    version: 1,
    engineVersion,
    seed,
    replications: R,
    paired,
    sameCalls: plans.every(({ facts }) => facts.sameCalls),
    calls: plans.map(({ letter, facts }, i) => ({
      plan: letter,
      n: distinctItems(
        replications[i].reduce((n, { nCalls }) => n + nCalls, 0),
        copiesOfCalls(facts, R),
      ),
      hash: hashOfHashes(replications[i].map(({ callsHash }) => callsHash)),
    })),
    plans: plans.map(({ about }) => about),
    comparisons: pairs.length,
    confidence: CONFIDENCE,
    late:
      clauses.length === 0 || figures.every(({ figure }) => figure !== 'late')
        ? null
        : { standard: plans[0].facts.standards[0].id, clauses: clauses.map(({ id }) => id) },
    figures: figures.map((of, f): ComparedFigure => {
      const samples = replications.map((ofPlan) => ofPlan.map((each) => each.samples[f]));
      const columns = plans.map(({ facts }, i) => figureColumn(facts, of, samples[i]));
      return {
        ...of,
        name: figureName(of),
        unit: unitOf(of.figure),
        clockStart: hasTierClock(of.figure) ? tierClock(plans[0].facts.standards).clockStart : null,
        plans: columns.map((column, i) => ({
          plan: plans[i].letter,
          ...estimateOf(of, column, samples[i], copiesOfCalls(plans[i].facts, R)),
        })),
        differences: pairs.map(([a, b]) => ({
          plan: plans[b].letter,
          against: plans[a].letter,
          ...differenceJson(differenceOf(columns[a], columns[b], { confidence, paired }), R, confidence),
        })),
      };
    }),
  };
}

/** Whether the figure counts from the clock of the 1-3-5 table. */
export const hasTierClock = (figure: FigureKey): boolean =>
  !['late', 'lost', 'waited', 'meanWaitS', 'busyShare', 'overtimeHours'].includes(figure);

export function figureColumn(
  facts: RunFacts,
  { figure }: FigureOf,
  samples: readonly FigureSample[],
): FigureColumn {
  return columnOf(samples, tallyPlan(facts).bins.edgesMs, PERCENTILES[figure as ResponseFigure]);
}

/** A figure of one plan with its interval, as a run of the plan would tell it; percentiles by sections. */
function estimateOf(
  { figure }: FigureOf,
  column: FigureColumn,
  samples: readonly FigureSample[],
  copies: number,
): { value: number | null; ci95: [number, number] | null; n: number } {
  const ratios = samples.filter(isRatio);
  // shares of time and hours rest on replications, other figures on calls
  const isOfTime = figure === 'busyShare' || unitOf(figure) === 'h';
  const n = isOfTime ? samples.length : distinctItems(column.n, copies);
  if (ratios.length < samples.length) {
    const half = ownHalfWidth(column, CONFIDENCE);
    const { value } = column;
    const ci95: [number, number] | null =
      half === null || value === null ? null : [Math.max(0, value - half), value + half];
    return { value, ci95, n };
  }
  const [over, under] = [ratios.map((ratio) => ratio.over), ratios.map((ratio) => ratio.under)];
  const { value, ci95 } =
    figure === 'busyShare'
      ? timeShareOverReplications(over, under, n)
      : unitOf(figure) === 'share'
        ? shareOverReplications(over, under, copies)
        : ratioOverReplications(over, under, n);
  return { value, ci95, n };
}

function differenceJson(
  { same, degreesOfFreedom, ...difference }: Difference,
  R: number,
  confidence: number,
): Omit<DifferenceJson, 'plan' | 'against'> {
  const { value, interval, standardError } = difference;
  // Welch's error of R replications of each plan, as if it were that of R differences
  const spread = standardError === null ? null : standardError * Math.sqrt(R);
  return {
    ...difference,
    confidence,
    verdict:
      interval !== null
        ? interval[0] > 0 || interval[1] < 0
          ? 'different'
          : 'notApart'
        : same
          ? 'same'
          : 'unknown',
    smallestSeen: spread === null || degreesOfFreedom === null ? null : smallestSeen(R, spread, confidence),
    replicationsToSee:
      spread === null || value === null ? null : replicationsToSee(Math.abs(value), spread, confidence),
  };
}

/** One hash of the hashes of replications in order: 64 bits, FNV-1a on each half (Fowler, Noll, Vo). */
function hashOfHashes(hashes: readonly string[]): string {
  let [a, b] = [0x811c9dc5, 0x01000193];
  for (const hash of hashes) {
    for (let i = 0; i < hash.length; i++) {
      a = Math.imul(a ^ hash.charCodeAt(i), 0x01000193);
      b = Math.imul(b ^ hash.charCodeAt(hash.length - 1 - i), 0x01000193);
    }
  }
  return [a, b].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}

/** Plans by letter: A … Z, AA, AB… */
export function planLetter(ix: number): string {
  const last = String.fromCharCode(65 + (ix % 26));
  return ix < 26 ? last : planLetter(Math.floor(ix / 26) - 1) + last;
}
