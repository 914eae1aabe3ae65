/** Rows of a bench as a table, and the machine they were measured on. */
import { cpus, loadavg } from 'node:os';
import Table from 'cli-table3';
import { duration, thousands, type Row } from './report.ts';

interface Machine {
  cpu: string;
  cores: number;
  node: string;
  date: string;
  /** Processes that want a core, over the last minute: 0 is a quiet machine. */
  load: number;
}

export const machine = (): Machine => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  node: process.version,
  date: new Date().toISOString().slice(0, 10),
  load: Number(loadavg()[0].toFixed(2)),
});

const pair = (min: number | undefined, median: number | undefined, show: (value: number) => string): string =>
  [min, median].map((value) => (value === undefined ? '' : show(value))).join('\n');

/** The rows as a table: each cell holds the minimum above the median. */
export function tableOf(rows: readonly Row[]): string {
  const table = new Table({
    head: [
      'case: job',
      'ours\nmin\nmedian',
      'against\nmin\nmedian',
      'ratio\nmins\nmedians',
      'goal',
      'inputs and answers',
    ],
    wordWrap: true,
    colWidths: [34, 22, 24, 12, 16, 62],
    style: { head: [], border: [] },
  });
  for (const row of rows) {
    const mark = row.met === null ? '' : row.met ? '\nmet' : '\nNOT MET';
    table.push([
      `${row.case}: ${row.job}`,
      `${row.subject}\n${pair(row.minMs, row.medianMs, duration)}`,
      row.against === undefined
        ? ''
        : `${row.against}\n${pair(row.againstMinMs, row.againstMedianMs, duration)}`,
      pair(row.ratioOfMins, row.ratioOfMedians, (value) => `${thousands(value)}x`),
      `${row.goal ?? 'reported'}${mark}`,
      row.note === undefined ? row.inputs : `${row.inputs}\n${row.note}`,
    ]);
  }
  return table.toString();
}
