/**
 * The exact solver: HiGHS (branch and cut), compiled to WebAssembly and loaded only when a model asks for it.
 *
 * WebAssembly arithmetic has the same bits on every platform and the build is single-threaded, so an answer depends
 * on the model and the package version only. Work is limited by node count, never by a clock.
 */
import type { Highs, ModelData } from 'highs';
import { assert } from '../errors.ts';

export type HighsLoader = () => Promise<Highs>;

/** How `highs` names its WebAssembly file to the loader: in a browser the URL the bundler gave to `highs/runtime`. */
export type LocateFile = (file: string) => string;

type LoaderModule = { default: (options?: { locateFile: LocateFile }) => Promise<Highs> };

/** Loads HiGHS (3.5 MB, compiled on each call). In Node it finds its file by itself. */
export async function loadHighs(locateFile?: LocateFile): Promise<Highs> {
  // The package's types describe its CommonJS build; as an ES module the default export is the loader itself.
  const module = (await import('highs')) as unknown as LoaderModule;
  return locateFile === undefined ? module.default() : module.default({ locateFile });
}

/** Columns x in {0, 1} come first, continuous columns in [0, 1] after them; rows are sparse. */
export interface BinaryProgram {
  maximise: boolean;
  nBinary: number;
  /** Cost of each column. */
  cost: Float64Array;
  rowLower: number[];
  rowUpper: number[];
  /** Entries of row r are [firstEntry[r], firstEntry[r + 1]). */
  firstEntry: number[];
  column: number[];
  value: number[];
  /** A feasible point to begin with. */
  incumbent: Float64Array;
}

interface BinaryAnswer {
  /** Binary columns that are 1 in the best point found, ascending. */
  chosen: number[];
  /** Proven limit of the cost: from above when maximising, from below when minimising. */
  bound: number;
  /** False when the node limit stopped the search. */
  optimal: boolean;
  nodes: number;
}

/** Nodes of the search tree x entries of the program: about 10 s at 10,000 to 40,000 entries. */
const MAX_NODE_ENTRIES = 4e6;

/**
 * Solves a binary program with branch and cut, to a gap of zero within the solver's tolerances. A tree that grows
 * beyond MAX_NODE_ENTRIES ends with the best point so far and its bound.
 */
export function solveBinaryProgram(highs: Highs, program: BinaryProgram): BinaryAnswer {
  const maxNodes = Math.ceil(MAX_NODE_ENTRIES / program.column.length);
  const numCols = program.cost.length;
  const numRows = program.rowLower.length;
  const { constants } = highs;
  const integrality = new Int32Array(numCols);
  integrality.fill(constants.variableType.integer, 0, program.nBinary);
  const data: ModelData = {
    numCols,
    numRows,
    sense: program.maximise ? constants.objectiveSense.maximize : constants.objectiveSense.minimize,
    colCost: program.cost,
    colLower: new Float64Array(numCols),
    colUpper: new Float64Array(numCols).fill(1),
    rowLower: program.rowLower,
    rowUpper: program.rowUpper,
    matrix: {
      format: 'csr',
      numCols,
      numRows,
      starts: Int32Array.from(program.firstEntry),
      indices: Int32Array.from(program.column),
      values: Float64Array.from(program.value),
    },
    integrality,
  };
  return highs.withModel(data, (model) => {
    model.options.set({
      output_flag: false,
      random_seed: 0,
      mip_rel_gap: 0,
      mip_max_nodes: maxNodes,
    });
    model.setSolution({ colValue: program.incumbent });
    model.run();
    const status = model.getModelStatus();
    const { modelStatus } = constants;
    const optimal = status === modelStatus.optimal;
    assert(
      optimal || status === modelStatus.solutionLimit,
      () => `the solver ended with model status ${status} although a feasible point was given`,
    );
    const value = model.getSolution().colValue;
    const chosen: number[] = [];
    for (let column = 0; column < program.nBinary; column++) if (value[column] > 0.5) chosen.push(column);
    return {
      chosen,
      bound: Number(model.info.get('mip_dual_bound')),
      optimal,
      nodes: Number(model.info.get('mip_node_count')),
    };
  });
}
