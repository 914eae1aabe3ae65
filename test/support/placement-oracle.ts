/** Placement questions for tests, and their answers by trying every set of sites. */
import fc from 'fast-check';
import type { Highs } from 'highs';
import type { CoveringProblem, PlacementProblem, PlacementTools } from '../../engine/placement/placement.ts';
import { loadHighs } from '../../engine/placement/solver.ts';

let loaded: Promise<Highs> | undefined;

/** One solver for all the tests of a file; loading it takes longer than most of them. */
export const solverTools: PlacementTools = { loadHighs: () => (loaded ??= loadHighs()) };

/** Tools of a test that must not need the solver. */
export const noSolver: PlacementTools = {
  loadHighs: () => Promise.reject(new Error('this question should not need the solver')),
};

/** A question from its cover sets written out: `covers[c]` lists the atoms of candidate c. */
export function question(
  covers: readonly (readonly number[])[],
  weights: readonly number[],
  rules: { sites?: number; required?: readonly number[]; forbidden?: readonly number[] } = {},
): PlacementProblem {
  const first = new Uint32Array(covers.length + 1);
  covers.forEach((list, c) => (first[c + 1] = first[c] + list.length));
  return {
    candidates: covers.map((_, c) => ({ name: `site ${c}`, position: { segment: c, offsetMm: 0 } })),
    weights: Float64Array.from(weights),
    covers: { first, atom: Uint32Array.from(covers.flat()) },
    sites: rules.sites ?? 1,
    required: rules.required ?? [],
    forbidden: rules.forbidden ?? [],
  };
}

/** Sites and demand points on a plane; a site covers what lies within `radius`. */
export function planarQuestion(
  sites: readonly (readonly [number, number])[],
  demand: readonly { x: number; y: number; weight: number }[],
  radius: number,
  nSites: number,
): PlacementProblem {
  const covers = sites.map(([x, y]) =>
    [...demand.keys()].filter((a) => (demand[a].x - x) ** 2 + (demand[a].y - y) ** 2 <= radius * radius),
  );
  return question(
    covers,
    demand.map((point) => point.weight),
    { sites: nSites },
  );
}

/** Calls `visit` with every set of `sites` candidates that keeps required ones and leaves out forbidden ones. */
export function everySiteSet(problem: PlacementProblem, visit: (open: number[]) => void): void {
  const extend = (open: number[], next: number): void => {
    if (open.length === problem.sites) {
      if (problem.required.every((c) => open.includes(c))) visit(open);
      return;
    }
    for (let c = next; c < problem.candidates.length; c++) {
      if (!problem.forbidden.includes(c)) extend([...open, c], c + 1);
    }
  };
  extend([], 0);
}

/** Weight that sites cover, atom by atom. */
export function weightCovered({ covers, weights }: CoveringProblem, open: readonly number[]): number {
  let sum = 0;
  weights.forEach((weight, a) => {
    const isCovered = open.some((c) => covers.atom.slice(covers.first[c], covers.first[c + 1]).includes(a));
    if (isCovered) sum += weight;
  });
  return sum;
}

/** The greatest weight that any allowed set of sites covers. */
export function bestByTrying(problem: PlacementProblem): number {
  let best = -1;
  everySiteSet(problem, (open) => (best = Math.max(best, weightCovered(problem, open))));
  return best;
}

/** The fewest sites that cover everything, or Infinity. */
export function fewestByTrying(problem: CoveringProblem): number {
  const everything = { ...problem, weights: new Float64Array(problem.weights.length).fill(1) };
  for (let sites = problem.required.length; sites <= problem.candidates.length; sites++) {
    let found = false;
    everySiteSet({ ...everything, sites }, (open) => {
      found ||= weightCovered(everything, open) === problem.weights.length;
    });
    if (found) return sites;
  }
  return Infinity;
}

/** Small questions with an answer: up to 9 candidates and 12 atoms; whole weights, fractions and zeros. */
export const arbitraryQuestion: fc.Arbitrary<PlacementProblem> = fc
  .record({ nCandidates: fc.integer({ min: 1, max: 9 }), nAtoms: fc.integer({ min: 0, max: 12 }) })
  .chain(({ nCandidates, nAtoms }) =>
    fc.record({
      covers: fc.array(fc.subarray([...Array(nAtoms).keys()]), {
        minLength: nCandidates,
        maxLength: nCandidates,
      }),
      weights: fc.array(
        fc.oneof(fc.integer({ min: 0, max: 5 }), fc.double({ min: 0, max: 10, noNaN: true })),
        { minLength: nAtoms, maxLength: nAtoms },
      ),
      rules: fc.array(fc.constantFrom('free', 'free', 'free', 'required', 'forbidden'), {
        minLength: nCandidates,
        maxLength: nCandidates,
      }),
      more: fc.nat(),
    }),
  )
  .map(({ covers, weights, rules, more }) => {
    const of = (rule: string) => [...rules.keys()].filter((c) => rules[c] === rule);
    const required = of('required');
    let forbidden = of('forbidden');
    if (forbidden.length === rules.length) forbidden = forbidden.slice(1);
    const fewest = Math.max(1, required.length);
    const sites = fewest + (more % (rules.length - forbidden.length - fewest + 1));
    return question(covers, weights, { sites, required, forbidden });
  });
