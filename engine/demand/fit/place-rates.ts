/** `place-rates.csv`: calls a week by cell or zone, with their errors, for maps and tables of one's own. */
import { csvFormatRow } from 'd3-dsv';
import type { DemandFit } from './fit.ts';

export function placeRatesCsv({ places: { shape }, placeRates }: DemandFit): string {
  const head = ['callsPerWeek', 'se', 'ci95Low', 'ci95High', 'calls'];
  const lines = [csvFormatRow([...(shape.type === 'grid' ? ['lon', 'lat'] : ['zone']), ...head])];
  placeRates.forEach(({ value, se, ci95, n }, cell) => {
    const figures = [value, se, ...ci95].map((figure) => String(Number(figure.toPrecision(6))));
    lines.push(csvFormatRow([...nameOf(shape, cell), ...figures, String(n)]));
  });
  return `${lines.join('\n')}\n`;
}

/** Middle of a cell, or id of a zone. */
function nameOf(shape: DemandFit['places']['shape'], cell: number): string[] {
  if (shape.type === 'zones') return [shape.ids[cell]];
  const { west, south, stepLon, stepLat, columns } = shape.grid;
  const at = shape.gridCell[cell];
  return [
    (west + ((at % columns) + 0.5) * stepLon).toFixed(6),
    (south + (Math.floor(at / columns) + 0.5) * stepLat).toFixed(6),
  ];
}
