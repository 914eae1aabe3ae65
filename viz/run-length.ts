/** How long the run was and why: replications until an interval was short enough, or one long run in batches. */
import type { KpisJson, SteadyStateJson, UntilJson } from '../engine/results/results-folder.ts';
import { el } from './dom.ts';
import { durationText, type Wording } from './i18n.ts';
import { bodyOf, groupLabel, rowHead, section, table } from './tables.ts';

/** Nothing for a plain number of replications. */
export function runLengthSection({ until, steadyState }: KpisJson, wording: Wording): HTMLElement[] {
  const content = [
    ...(until ? untilParts(until, wording) : []),
    ...(steadyState ? batchParts(steadyState, wording) : []),
  ];
  return content.length > 0 ? [section(wording.text('run.title'), '', content)] : [];
}

function untilParts(until: UntilJson, wording: Wording): HTMLElement[] {
  const half = (value: number): string =>
    until.of.startsWith('within')
      ? wording.text('run.points', { n: wording.decimal(100 * value) })
      : durationText(value);
  return [
    el('p', {
      class: until.stopped === 'target' ? '' : 'warning',
      text: wording.text(`run.until.${until.stopped}`, {
        n: until.replications,
        figure: wording.word('run.of', until.of),
        group: groupLabel(until.group, until.group, wording),
        asked: half(until.halfWidth),
        reached: until.reached === null ? '–' : half(until.reached),
      }),
    }),
    el('p', {
      class: 'about',
      text: wording.text('run.untilRule', { batch: until.batch, most: until.most }),
    }),
  ];
}

function batchParts({ batches, batchS, checks, warmUp }: SteadyStateJson, wording: Wording): HTMLElement[] {
  const rows = checks.map(({ figure, check }) =>
    el('tr', {}, [
      rowHead(wording.word('run.figure', figure)),
      el('td', { class: 'figure', text: check === null ? '–' : wording.hundredths(check.lag1) }),
      el('td', { class: 'figure', text: check === null ? '–' : wording.hundredths(check.vonNeumann) }),
      el('td', { class: 'figure' }, [
        el('span', {
          class: `verdict verdict-${check === null ? 'none' : check.correlated ? 'missed' : 'met'}`,
          text: wording.text(
            check === null ? 'run.unknown' : check.correlated ? 'run.correlated' : 'run.independent',
          ),
        }),
      ]),
    ]),
  );
  const title = wording.text('run.batches', { n: batches, time: durationText(batchS) });
  const head = (['check', 'lag1', 'vonNeumann', 'verdict'] as const).map((key) => wording.text(`run.${key}`));
  const isShort = warmUp.suggestedS === null || warmUp.suggestedS > warmUp.givenS;
  return [
    el('p', { text: title }),
    el('p', { class: 'about', text: wording.text('run.batchesAbout') }),
    table(title, head, [bodyOf(rows)], 'figures batches'),
    el('p', {
      class: isShort ? 'warning' : 'about',
      text:
        warmUp.suggestedS === null
          ? wording.text('run.warmUpUnknown', { given: durationText(warmUp.givenS), method: warmUp.method })
          : wording.text('run.warmUp', {
              given: durationText(warmUp.givenS),
              suggested: durationText(warmUp.suggestedS),
              method: warmUp.method,
            }),
    }),
  ];
}
