/** `fit.svg`: rates by hour of week with their 95 % band, and a map of calls by place. Plain SVG text, no script. */
import type { FittedFigure } from './by-week.ts';
import type { DemandFit, HourRate } from './fit.ts';
import { leastPooled, smoothingWords } from './rate-words.ts';
import { mPerLonE7, M_PER_LAT_E7 } from '../../geo.ts';
import { HOURS_PER_WEEK, toE7 } from '../../units.ts';

const WIDTH = 960;
const LEFT = 56;
const RIGHT = 16;
const CHART_TOP = 56;
const CHART_HEIGHT = 220;
const MAP_TOP = CHART_TOP + CHART_HEIGHT + 84;
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
/** From few calls to many: light to dark, so that print and colour-blind readers see the order. */
const COLOURS = ['#fff4d6', '#fde0a5', '#fbc26b', '#f39c47', '#dd6f32', '#b84527', '#7f2220', '#4a1218'];

export function fitSvg(fit: DemandFit, title: string): string {
  const map = mapOf(fit);
  const height = MAP_TOP + map.height + 56;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="12" fill="#222">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<text x="${LEFT}" y="22" font-size="16">${escaped(title)}</text>`,
    ratesOf(fit.rates, fit.callsPerHour.value),
    `<text x="${LEFT}" y="${MAP_TOP - 18}" font-size="14">Calls a week and square kilometre (${fit.calls.n} calls)</text>`,
    map.text,
    '</svg>',
    '',
  ].join('\n');
}

function ratesOf(rates: readonly HourRate[], mean: number): string {
  const most =
    4 * niceAbove(Math.max(...rates.map(({ ci95 }) => ci95[1])) / 4, [1, 1.5, 2, 2.5, 3, 4, 5, 7.5]);
  const x = (hour: number): string => tenth(LEFT + (hour * (WIDTH - LEFT - RIGHT)) / HOURS_PER_WEEK);
  const y = (rate: number): string => tenth(CHART_TOP + CHART_HEIGHT * (1 - rate / most));
  const middle = (hour: number): string => x(hour + 0.5);
  const upper = rates.map(({ ci95 }, hour) => `${middle(hour)},${y(ci95[1])}`);
  const lower = rates.map(({ ci95 }, hour) => `${middle(hour)},${y(ci95[0])}`).reverse();
  const line = rates.map(({ value }, hour) => `${middle(hour)},${y(value)}`);
  const parts = [
    `<text x="${LEFT}" y="${CHART_TOP - 14}" font-size="14">Calls an hour by hour of the week, with 95 % interval; mean ${significant(mean)}</text>`,
    `<text x="${WIDTH - RIGHT}" y="${CHART_TOP + CHART_HEIGHT + 36}" text-anchor="end" font-size="11" fill="#555">${smoothingWords(rates)}; ${leastPooled(rates)}</text>`,
  ];
  for (let tick = 0; tick <= 4; tick++) {
    const rate = (most * tick) / 4;
    parts.push(
      `<path d="M${LEFT} ${y(rate)}H${WIDTH - RIGHT}" stroke="#ddd"/>`,
      `<text x="${LEFT - 6}" y="${y(rate)}" dy="4" text-anchor="end">${significant(rate)}</text>`,
    );
  }
  DAYS.forEach((day, d) => {
    parts.push(
      `<path d="M${x(d * 24)} ${CHART_TOP}V${CHART_TOP + CHART_HEIGHT + 6}" stroke="#bbb"/>`,
      `<text x="${x(d * 24 + 12)}" y="${CHART_TOP + CHART_HEIGHT + 18}" text-anchor="middle">${day}</text>`,
    );
  });
  parts.push(
    `<polygon points="${[...upper, ...lower].join(' ')}" fill="#9ec3e6"/>`,
    `<polyline points="${line.join(' ')}" fill="none" stroke="#14426b" stroke-width="1.5"/>`,
  );
  return parts.join('\n');
}

function mapOf({ places, placeRates }: DemandFit): { text: string; height: number } {
  const { shape, areaKm2 } = places;
  const density = placeRates.map(({ value }, cell) => value / areaKm2[cell]);
  const steps = thresholds(density, placeRates);
  const classOf = (value: number): number => steps.filter((step) => value >= step).length;
  const width = WIDTH - LEFT - RIGHT;
  const paths = COLOURS.map((): string[] => []);
  let height: number;
  if (shape.type === 'grid') {
    const { columns, rows } = shape.grid;
    const side = Math.min(width / columns, 640 / rows);
    height = rows * side;
    // cells beside each other in one class are one rectangle
    for (let first = 0; first < places.n;) {
      const colour = classOf(density[first]);
      const cell = shape.gridCell[first];
      let end = first + 1;
      while (
        end < places.n &&
        shape.gridCell[end] === cell + end - first &&
        shape.gridCell[end] % columns !== 0 &&
        classOf(density[end]) === colour
      ) {
        end++;
      }
      const x = LEFT + (cell % columns) * side;
      const y = MAP_TOP + (rows - 1 - Math.floor(cell / columns)) * side;
      const wide = (end - first) * side;
      paths[colour].push(`M${tenth(x)} ${tenth(y)}h${tenth(wide)}v${tenth(side)}h-${tenth(wide)}z`);
      first = end;
    }
  } else {
    const points = shape.polygons.flat(3);
    const [west, east] = [Math.min(...points.map((p) => p.lon)), Math.max(...points.map((p) => p.lon))];
    const [south, north] = [Math.min(...points.map((p) => p.lat)), Math.max(...points.map((p) => p.lat))];

    const shrink = mPerLonE7(toE7((south + north) / 2)) / M_PER_LAT_E7;
    const scale = Math.min(width / ((east - west) * shrink), 640 / (north - south));
    height = (north - south) * scale;
    shape.polygons.forEach((polygons, zone) => {
      const outline = polygons.flat().map((ring) => {
        const corners = ring.map(
          ({ lon, lat }) =>
            `${tenth(LEFT + (lon - west) * shrink * scale)} ${tenth(MAP_TOP + (north - lat) * scale)}`,
        );
        return `M${corners.join('L')}z`;
      });
      paths[classOf(density[zone])].push(...outline);
    });
  }
  const stroke = shape.type === 'zones' ? ' stroke="#fff" stroke-width="0.5" fill-rule="evenodd"' : '';
  const text = paths.flatMap((list, colour) =>
    list.length === 0 ? [] : [`<path fill="${COLOURS[colour]}"${stroke} d="${list.join('')}"/>`],
  );
  return { text: [...text, legend(steps, MAP_TOP + height + 16)].join('\n'), height };
}

function legend(steps: readonly number[], top: number): string {
  return COLOURS.slice(0, steps.length + 1)
    .map((colour, ix) => {
      const label = ix === 0 ? `below ${significant(steps[0])}` : `from ${significant(steps[ix - 1])}`;
      const x = LEFT + ix * 108;
      return `<rect x="${x}" y="${top}" width="16" height="16" fill="${colour}" stroke="#888"/><text x="${x + 22}" y="${top + 13}">${label}</text>`;
    })
    .join('\n');
}

/** Seven steps of 1, 2, 5, 10, 20…, of which the fifth is about what the densest tenth of the calls has. */
function thresholds(density: readonly number[], rates: readonly FittedFigure[]): number[] {
  const order = [...density.keys()].sort((a, b) => density[b] - density[a]);
  const total = rates.reduce((sum, { value }) => sum + value, 0);
  let sum = 0;
  let dense = density[order[0]];
  for (const cell of order) {
    sum += rates[cell].value;
    dense = density[cell];
    if (sum >= total / 10) break;
  }
  const steps = [niceAbove(dense)];
  while (steps.length < 5) steps.unshift(niceAbove(steps[0] / 2.6));
  while (steps.length < COLOURS.length - 1) steps.push(niceAbove(steps[steps.length - 1] * 1.1));
  return steps;
}

/** The least number of the ladder, times a power of ten, that is not below a value. */
function niceAbove(value: number, ladder: readonly number[] = [1, 2, 5]): number {
  if (!(value > 0)) return 1;
  let power = 1;
  while (power * 10 <= value) power *= 10;
  while (power > value) power /= 10;
  const step = ladder.find((rung) => rung * power >= value * (1 - 1e-12)) ?? 10;
  return Number((step * power).toPrecision(6));
}

const tenth = (value: number): string => String(Math.round(value * 10) / 10);
const significant = (value: number): string => String(Number(value.toPrecision(3)));
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
