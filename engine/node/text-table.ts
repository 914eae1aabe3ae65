/** Tables and figures for the terminal: plain lines, no colours. */
import Table from 'cli-table3';
import type { Estimate } from '../results/results-folder.ts';

/** A table with numbers to the right; the first column is text. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: [...head],
    colAligns: head.map((_, column) => (column === 0 ? 'left' : 'right')),
    style: { head: [], border: [], 'padding-left': 1, 'padding-right': 1 },
    chars: {
      top: '', 'top-mid': '', 'top-left': '', 'top-right': '',
      bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '',
      left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '',
    },
  }); // prettier-ignore
  for (const row of rows) table.push([...row]);
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** A share as per cent with its 95 % interval: `87.3 % [85.9, 88.6]`. */
export function shareText({ value, ci95 }: Estimate): string {
  if (value === null) return '-';
  const percent = (share: number) => (share * 100).toFixed(1);
  const interval = ci95 === null ? '' : ` [${percent(ci95[0])}, ${percent(ci95[1])}]`;
  return `${percent(value)} %${interval}`;
}

/** A figure in seconds with its 95 % interval: `134 s [129, 139]`. */
export function secondsText({ value, ci95 }: Estimate): string {
  if (value === null) return '-';
  const interval = ci95 === null ? '' : ` [${ci95[0].toFixed(0)}, ${ci95[1].toFixed(0)}]`;
  return `${value.toFixed(0)} s${interval}`;
}
