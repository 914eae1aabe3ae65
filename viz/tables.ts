/** Parts that the tables of figures are made of. */
import type { Estimate } from '../engine/results/results-folder.ts';
import { el, word } from './dom.ts';
import { durationText, type Wording } from './i18n.ts';

/** A group of calls in words: `zoneClass:core` becomes "Core zones". */
export function groupLabel(group: string, label: string, wording: Wording): string {
  const colon = group.indexOf(':');
  const kind = colon < 0 ? group : group.slice(0, colon);
  const name = colon < 0 ? '' : group.slice(colon + 1);
  switch (kind) {
    case 'all':
      return wording.text('group.all');
    case 'zoneClass': {
      const known = wording.word('group.zoneClass', name);
      return known === name ? wording.text('group.zoneClass', { name }) : known;
    }
    case 'priority':
      return wording.text('group.priority', { name });
    case 'zone':
      return label || name;
    default:
      return label || group;
  }
}

export function section(title: string, about: string, content: readonly Node[]): HTMLElement {
  return el('section', { class: 'block', attributes: { 'aria-label': title } }, [
    el('h2', { text: title }),
    ...(about ? [el('p', { class: 'about', text: about })] : []),
    ...content,
  ]);
}

export function table(
  caption: string,
  head: readonly string[],
  body: readonly HTMLElement[],
  className: string,
): HTMLElement {
  return el('table', { class: className }, [
    el('caption', { class: 'visually-hidden', text: caption }),
    el('thead', {}, [
      el(
        'tr',
        {},
        head.map((text) => el('th', { text, attributes: { scope: 'col' } })),
      ),
    ]),
    ...body,
  ]);
}

export const bodyOf = (rows: readonly HTMLElement[], heading = '', columns = 1): HTMLElement =>
  el('tbody', {}, [
    ...(heading
      ? [
          el('tr', { class: 'subhead' }, [
            el('th', { text: heading, attributes: { scope: 'colgroup', colspan: String(columns) } }),
          ]),
        ]
      : []),
    ...rows,
  ]);

export const rowHead = (text: string, below = ''): HTMLElement =>
  el('th', { attributes: { scope: 'row' } }, [word(text), ...(below ? [el('small', { text: below })] : [])]);

/** A figure over its interval; `without` stands where it has none. */
export function figure(
  { value, ci95 }: Estimate,
  format: (value: number) => string,
  formatBound: (value: number) => string,
  without: string,
): HTMLElement {
  if (value === null) return el('td', { class: 'figure', text: '–' });
  const interval = ci95 ? `${formatBound(ci95[0])} – ${formatBound(ci95[1])}` : without;
  return el('td', { class: 'figure' }, [el('b', { text: format(value) }), el('small', { text: interval })]);
}

/** What a share rests on: `n 98 of 107` where calls had to be left out, undecided at the end. */
export const sampleText = (n: number, nSelected: number, wording: Wording): string =>
  n === nSelected ? wording.text('coverage.n', { n }) : wording.text('coverage.nOf', { n, all: nSelected });

export const timeFigure = (estimate: Estimate): HTMLElement =>
  figure(estimate, durationText, durationText, '');

/** A share with a bar; the bounds of its interval are percent as well, without the sign to save width. */
export function shareFigure(estimate: Estimate, wording: Wording): HTMLElement {
  const cell = figure(
    estimate,
    (value) => wording.percent(value),
    (value) => wording.decimal(100 * value),
    wording.text('coverage.noInterval'),
  );
  if (estimate.value !== null) {
    const fill = el('i');
    fill.style.width = `${100 * Math.min(1, Math.max(0, estimate.value))}%`;
    cell.children[0].after(el('span', { class: 'share-bar', attributes: { 'aria-hidden': 'true' } }, [fill]));
  }
  return cell;
}
