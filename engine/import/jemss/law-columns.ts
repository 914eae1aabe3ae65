/** Laws of durations that have no name in a scenario: their values in a CSV file beside it. */
import { csvFormatRows } from 'd3-dsv';
import type { LawJson } from './laws.ts';

export const LAWS_FILE = 'laws.csv';

/** Laws that have no name of their own go into a CSV file, a column each. */
export class LawColumns {
  readonly columns = new Map<string, number[]>();

  of(column: string, law: LawJson): unknown {
    if (typeof law === 'number' || law.type !== 'empirical') return law;
    this.columns.set(column, law.valuesS);
    return { type: 'empirical', file: LAWS_FILE, column };
  }

  csv(): string {
    const names = [...this.columns.keys()];
    const nRows = Math.max(...[...this.columns.values()].map((values) => values.length));
    const rows = Array.from({ length: nRows }, (_, row) =>
      names.map((name) => this.columns.get(name)![row] ?? ''),
    );
    return `${csvFormatRows([names, ...rows.map((cells) => cells.map(String))])}\n`;
  }
}
