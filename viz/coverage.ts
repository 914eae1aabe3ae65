/**
 * The tables of figures: achieved coverage with intervals, calls that waited or were lost, potential coverage apart from
 * what was achieved under its own caption and clock, the standards clause by clause, where the time goes, the patrol
 * quotas, and how long the run was.
 */
import type { ClauseScore, Estimate, KpisJson, TierRow } from '../engine/results/results-folder.ts';
import { unsettledCalls } from '../engine/results/unsettled.ts';
import { isUnsure, verdictOf } from '../engine/results/verdict.ts';
import { el, word } from './dom.ts';
import { durationText, type Wording } from './i18n.ts';
import { runLengthSection } from './run-length.ts';
import {
  bodyOf,
  figure,
  groupLabel,
  rowHead,
  sampleText,
  section,
  shareFigure,
  table,
  timeFigure,
} from './tables.ts';

/** Characters shown of a text that may be long, such as the source of a standard. */
const LONG_TEXT = 2000;

/** All tables of kpis.json, in the order of the pane. */
export function coverageTables(kpis: KpisJson, wording: Wording): HTMLElement[] {
  return [
    achievedSection(kpis, wording),
    ...lossesSection(kpis, wording),
    // a call file says nothing of the calls to expect
    ...(kpis.potential.rows.length > 0 ? [potentialSection(kpis, wording)] : []),
    standardsSection(kpis, wording),
    waterfallSection(kpis, wording),
    ...(kpis.log === false ? [] : [patrolSection(kpis, wording)]),
    ...runLengthSection(kpis, wording),
  ];
}

const sortOfGroup = (group: string): 'all' | 'zoneClass' | 'priority' | 'zone' | 'other' => {
  for (const kind of ['all', 'zoneClass', 'priority', 'zone'] as const) {
    if (group === kind || group.startsWith(`${kind}:`)) return kind;
  }
  return 'other';
};

function achievedRow(row: TierRow, wording: Wording): HTMLElement {
  return el('tr', {}, [
    rowHead(
      groupLabel(row.group, row.label, wording),
      sampleText(Math.min(row.within1min.n, row.within3min.n, row.within5min.n), row.n, wording),
    ),
    shareFigure(row.within1min, wording),
    shareFigure(row.within3min, wording),
    shareFigure(row.within5min, wording),
    timeFigure(row.p50S),
    timeFigure(row.p90S),
  ]);
}

function achievedSection(kpis: KpisJson, wording: Wording): HTMLElement {
  const title = wording.text('coverage.achieved');
  const clock = wording.word('clock', kpis.clockStart);
  const head = (['group', 'within1', 'within3', 'within5', 'p50', 'p90'] as const).map((key) =>
    wording.text(`coverage.${key}`),
  );
  const of = (...kinds: readonly string[]): TierRow[] =>
    kpis.achieved.filter((row) => kinds.includes(sortOfGroup(row.group)));
  const rows = (some: readonly TierRow[]): HTMLElement[] => some.map((row) => achievedRow(row, wording));
  const zones = of('zone');
  const main = table(
    title,
    head,
    [
      bodyOf(rows(of('all', 'other'))),
      bodyOf(rows(of('zoneClass')), wording.text('coverage.byClass'), head.length),
      bodyOf(rows(of('priority')), wording.text('coverage.byPriority'), head.length),
    ],
    'figures achieved',
  );
  main.id = 'achieved';
  const byZone = el('details', {}, [
    el('summary', { text: wording.text('coverage.byZone', { n: zones.length }) }),
    table(title, head, [bodyOf(rows(zones))], 'figures achieved'),
  ]);
  const about = kpis.steadyState
    ? wording.text('coverage.achievedBatches', { clock, n: kpis.steadyState.batches })
    : wording.text(
        kpis.sameCalls === true && kpis.replications > 1
          ? 'coverage.achievedReplayed'
          : 'coverage.achievedAbout',
        { clock, n: kpis.replications },
      );
  return section(title, about, [main, ...(zones.length > 0 ? [byZone] : [])]);
}

/** A cell that says what it rests on where that is less than its row does: columns are shares of different calls. */
function withSample(cell: HTMLElement, n: number, nRow: number, wording: Wording): HTMLElement {
  if (n !== nRow) cell.append(el('small', { text: wording.text('coverage.n', { n }) }));
  return cell;
}

/** What became of calls; nothing where a folder does not say, or nothing became of them but an answer at once. */
function lossesSection({ losses = [], calls }: KpisJson, wording: Wording): HTMLElement[] {
  if (losses.length === 0) return [];
  const title = wording.text('losses.title');
  const head = (['group', 'triaged', 'lost', 'waited', 'meanWait'] as const).map((key) =>
    wording.text(key === 'group' ? 'coverage.group' : `losses.${key}`),
  );
  const rows = losses.map((row) =>
    el('tr', {}, [
      rowHead(groupLabel(row.group, row.label, wording), sampleText(row.n, row.n, wording)),
      ...[row.triaged, row.lost, row.waited].map((share) =>
        withSample(shareFigure(share, wording), share.n, row.n, wording),
      ),
      withSample(timeFigure(row.meanWaitS), row.meanWaitS.n, row.n, wording),
    ]),
  );
  const main = table(title, head, [bodyOf(rows)], 'figures losses');
  main.id = 'losses';
  const { openAtEnd, perReplication } = calls;
  return [
    section(title, wording.text('losses.about'), [
      main,
      ...(openAtEnd.value !== null && perReplication.value !== null
        ? [
            el('p', {
              class: 'about',
              text: wording.text('losses.open', {
                open: wording.decimal(openAtEnd.value),
                calls: wording.decimal(perReplication.value),
              }),
            }),
          ]
        : []),
    ]),
  ];
}

/** Said before all figures of a run that is overloaded or was cut short, as the command line does. */
export function unsettledWarning(kpis: KpisJson, wording: Wording): HTMLElement[] {
  const calls = unsettledCalls(kpis);
  if (calls === null) return [];
  const text = wording.text('coverage.unsettled', calls);
  return [el('p', { class: 'warning unsettled', text, attributes: { role: 'note' } })];
}

function potentialSection({ potential }: KpisJson, wording: Wording): HTMLElement {
  const title = wording.text('coverage.potential');
  const clock = wording.word('clock', potential.clockStart);
  const head = (['group', 'within1', 'within3', 'within5'] as const).map((key) =>
    wording.text(`coverage.${key}`),
  );
  const rows = (some: KpisJson['potential']['rows']): HTMLElement[] =>
    some.map((row) =>
      el('tr', {}, [
        rowHead(groupLabel(row.group, row.label, wording)),
        ...[row.within1min, row.within3min, row.within5min].map((share) =>
          el('td', { class: 'figure' }, [el('b', { text: wording.percent(share) })]),
        ),
      ]),
    );
  const zones = potential.rows.filter((row) => sortOfGroup(row.group) === 'zone');
  const main = table(
    title,
    head,
    [bodyOf(rows(potential.rows.filter((row) => sortOfGroup(row.group) !== 'zone')))],
    'figures potential',
  );
  main.id = 'potential';
  const byZone = el('details', {}, [
    el('summary', { text: wording.text('coverage.byZone', { n: zones.length }) }),
    table(title, head, [bodyOf(rows(zones))], 'figures potential'),
  ]);
  return section(title, wording.text('coverage.potentialAbout', { clock }), [
    main,
    ...(zones.length > 0 ? [byZone] : []),
  ]);
}

/**
 * A selector in words. The engine writes it in English (`zone class core or key, priority 1`); its parts are taken one
 * by one, and a part of another shape is shown as it is.
 */
export function selectorLabel(selector: string, wording: Wording): string {
  const [, needing, units] = /^(.+) that need (\d+) units or more$/.exec(selector) ?? [];
  if (needing !== undefined)
    return wording.text('selector.needing', { calls: selectorLabel(needing, wording), units });
  if (selector === 'all calls') return wording.text('group.all');
  const either = (names: string, each: (name: string) => string): string =>
    names.split(' or ').map(each).join(wording.text('selector.or'));
  const parts = selector.split(', ').map((part) => {
    const [, kind, names] = /^(zone class|category|priority) (.+)$/.exec(part) ?? [];
    switch (kind) {
      case 'zone class':
        return either(names, (name) => groupLabel(`zoneClass:${name}`, name, wording));
      case 'category':
        return wording.text('selector.category', { names: either(names, (name) => name) });
      case 'priority':
        return wording.text('group.priority', { name: either(names, (name) => name) });
      default: {
        const [, from, to] = /^from ([\d:]+) to ([\d:]+)$/.exec(part) ?? [];
        return from === undefined ? part : wording.text('selector.hours', { from, to });
      }
    }
  });
  return parts.join(wording.text('selector.and'));
}

/** `firstArrival`, or with the number of the unit: `kthArrival (2)`. */
function eventLabel(event: string, wording: Wording): string {
  const [, name, n] = /^(\w+?)(?: \((\d+)\))?$/.exec(event) ?? [];
  if (name === undefined) return event;
  if (name === 'kthArrival' && n !== undefined) return wording.text('event.nthArrival', { n });
  return `${wording.word('event', name)}${n === undefined ? '' : ` (${n})`}`;
}

/** Why a clause has no figure. The engine says in English which event its log lacks; the clause names it itself. */
function noFigureReason(clause: ClauseScore, wording: Wording): string {
  const { notScored, event } = clause;
  if (verdictOf(clause) === 'noCalls') return wording.text('standard.noCalls');
  if (notScored === null)
    return wording.text(clause.estimate.n === 0 ? 'standard.noneDecided' : 'standard.notReached');
  if (notScored.startsWith('the event log does not hold'))
    return wording.text('standard.notInLog', { event: eventLabel(event, wording) });
  return notScored.includes('is told by the event log only')
    ? wording.text('standard.toldByLog', { event: eventLabel(event, wording) })
    : notScored;
}

/** The verdict as the command line gives it: an unsure one says so, and is no plain green. */
function verdictLabel(clause: ClauseScore, wording: Wording): HTMLElement {
  const verdict = verdictOf(clause);
  const text = wording.text(`standard.${verdict === 'noCalls' ? 'notScored' : verdict}`);
  const unsure = isUnsure(clause);
  const colour = verdict === 'met' || verdict === 'missed' ? verdict : 'none';
  return el('span', {
    class: `verdict verdict-${colour}${unsure ? ' verdict-unsure' : ''}`,
    text: unsure ? wording.text('standard.unsure', { verdict: text }) : text,
  });
}

function clauseRow(clause: ClauseScore, wording: Wording): HTMLElement {
  const time = durationText(clause.thresholdS);
  const isShare = clause.statistic === 'share';
  const goal = !isShare
    ? wording.text('standard.percentile', { statistic: clause.statistic, time })
    : clause.targetShare === null
      ? wording.text('standard.anyShare', { time })
      : wording.text('standard.share', { share: wording.roundPercent(clause.targetShare), time });
  const hasFigure = clause.notScored === null && clause.estimate.value !== null;
  const { estimate } = clause;
  const format = (value: number): string => (isShare ? wording.percent(value) : durationText(value));
  const formatBound = (value: number): string =>
    isShare ? wording.decimal(100 * value) : durationText(value);
  const result = hasFigure
    ? figure(estimate, format, formatBound, wording.text('coverage.noInterval'))
    : el('td', { class: 'figure' }, [
        el('small', {}, [word(noFigureReason(clause, wording), '', LONG_TEXT)]),
      ]);
  result.prepend(verdictLabel(clause, wording));
  return el('tr', {}, [
    el('th', { attributes: { scope: 'row' } }, [
      word(clause.clause),
      el('small', {}, [
        word(
          `${selectorLabel(clause.selector, wording)} · ${sampleText(
            clause.notScored === null ? estimate.n : clause.nSelected,
            clause.nSelected,
            wording,
          )}`,
          '',
          LONG_TEXT,
        ),
      ]),
      ...(hasFigure && clause.nLeftOut > 0
        ? [el('small', { text: wording.text('standard.leftOut', { n: clause.nLeftOut }) })]
        : []),
    ]),
    el('td', {}, [
      el('span', { text: goal }),
      el('small', {}, [
        word(
          wording.text('standard.clock', {
            clock: wording.word('clock', clause.clockStart),
            event: eventLabel(clause.event, wording),
          }),
        ),
      ]),
    ]),
    result,
  ]);
}

function standardsSection({ standards, sameCalls }: KpisJson, wording: Wording): HTMLElement {
  const title = wording.text('standard.title');
  const head = (['clause', 'target', 'result'] as const).map((key) => wording.text(`standard.${key}`));
  const content = standards.flatMap((standard) => {
    const known = wording.word('standardTitle', standard.id);
    const name = known === standard.id ? standard.title || standard.id : known;
    return [
      el('h3', {}, [word(name, '', LONG_TEXT)]),
      table(name, head, [bodyOf(standard.clauses.map((clause) => clauseRow(clause, wording)))], 'standard'),
      ...(standard.source
        ? [
            el('details', {}, [
              el('summary', { text: wording.text('standard.source') }),
              el('p', { class: 'about' }, [word(standard.source, '', LONG_TEXT)]),
            ]),
          ]
        : []),
    ];
  });
  const clauses = standards.flatMap((standard) => standard.clauses);
  const notes = [
    ...(clauses.some((clause) => verdictOf(clause) === 'undecided')
      ? ['standard.undecidedAbout' as const]
      : []),
    ...(clauses.some(isUnsure)
      ? [sameCalls === true ? ('standard.unsureReplayed' as const) : ('standard.unsureAbout' as const)]
      : []),
  ];
  return section(title, '', [
    ...content,
    ...notes.map((note) => el('p', { class: 'about', text: wording.text(note) })),
  ]);
}

/** Where the engine tells time with units on the call that did not come first. */
const OF_EARLIER_UNITS = 'earlierUnits';

function waterfallSection({ waterfall, waterfallByPriority = [] }: KpisJson, wording: Wording): HTMLElement {
  const title = wording.text('waterfall.title');
  const hasEarlierUnits = waterfall.some(({ interval }) => interval === OF_EARLIER_UNITS);
  return section(title, wording.text('waterfall.about'), [
    waterfallTable(title, waterfall, wording),
    ...(hasEarlierUnits ? [el('p', { class: 'about', text: wording.text('waterfall.earlierUnits') })] : []),
    ...(waterfallByPriority.length > 0
      ? [
          el('details', {}, [
            el('summary', { text: wording.text('coverage.byPriority') }),
            ...waterfallByPriority.flatMap(({ group, label, intervals }) => [
              el('h3', { text: groupLabel(group, label, wording) }),
              waterfallTable(groupLabel(group, label, wording), intervals, wording),
            ]),
          ]),
        ]
      : []),
  ]);
}

/** Each mean where it lies in the whole: the bars are steps of a fall. */
function waterfallTable(caption: string, waterfall: KpisJson['waterfall'], wording: Wording): HTMLElement {
  const wholeS = Math.max(
    1,
    waterfall.reduce((sum, { meanS }) => sum + (meanS.value ?? 0), 0),
  );
  let beforeS = 0;
  const rows = waterfall.map(({ interval, meanS }) => {
    const bar = el('i', { class: `span interval-${interval}`, attributes: { 'aria-hidden': 'true' } });
    bar.style.left = `${(100 * beforeS) / wholeS}%`;
    bar.style.width = `${(100 * (meanS.value ?? 0)) / wholeS}%`;
    beforeS += meanS.value ?? 0;
    return el('tr', {}, [
      rowHead(wording.word('interval', interval), `n ${wording.whole(meanS.n)}`),
      timeFigure(meanS),
      el('td', { class: 'bar-cell' }, [el('span', { class: 'lane' }, [bar])]),
    ]);
  });
  return el('table', { class: 'waterfall' }, [
    el('caption', { class: 'visually-hidden', text: caption }),
    bodyOf(rows),
  ]);
}

/** How many points with too long a gap are listed. */
const GAPS_SHOWN = 5;

/** Points whose longest time between visits (mean of the replications) exceeds what was allowed, worst ratio first. */
function longGaps({
  longestGapS,
}: KpisJson['patrol']): { point: string; allowedS: number; longestS: number; ci95: Estimate['ci95'] }[] {
  return longestGapS
    .flatMap(({ point, allowedS, longestS: { value, ci95 } }) =>
      allowedS !== null && value !== null && value > allowedS
        ? [{ point, allowedS, longestS: value, ci95 }]
        : [],
    )
    .sort((a, b) => b.longestS / b.allowedS - a.longestS / a.allowedS);
}

function patrolSection({ patrol, replications }: KpisJson, wording: Wording): HTMLElement {
  const title = wording.text('patrol.title');
  const quota = (key: 'visits' | 'passes'): HTMLElement => {
    const { asked, done } = patrol[key];
    const ofAsked = ([low, high]: [number, number]): [number, number] => [low / asked, high / asked];
    const share = asked > 0 && done.value !== null ? done.value / asked : null;
    return el('tr', {}, [
      rowHead(wording.text(`patrol.${key}`)),
      el('td', {
        class: 'figure',
        text: wording.text('patrol.ofAsked', {
          done: done.value === null ? '–' : wording.decimal(done.value),
          asked: wording.whole(asked),
        }),
      }),
      figure(
        { ...done, value: share, ci95: share === null || done.ci95 === null ? null : ofAsked(done.ci95) },
        (value) => wording.percent(value),
        (value) => wording.decimal(100 * value),
        '',
      ),
    ]);
  };
  const byCause = new Map<string, number>();
  for (const { cause, perReplication } of patrol.missed) {
    byCause.set(cause, (byCause.get(cause) ?? 0) + perReplication);
  }
  const causes = [...byCause]
    .filter(([, count]) => count > 0)
    .map(([cause, count]) =>
      el('tr', {}, [
        rowHead(wording.word('cause', cause)),
        el('td', {}),
        el('td', { class: 'figure', text: wording.decimal(count) }),
      ]),
    );
  const gaps = longGaps(patrol).map(({ point, allowedS, longestS, ci95 }) =>
    el('tr', {}, [
      rowHead(point),
      el('td', {
        class: 'figure',
        text: wording.text('patrol.ofAllowed', { allowed: durationText(allowedS) }),
      }),
      timeFigure({ value: longestS, ci95, method: null, n: 0 }),
    ]),
  );
  return section(title, wording.text('patrol.about', { n: replications }), [
    el('table', { class: 'quota' }, [
      bodyOf([quota('visits'), quota('passes')]),
      ...(causes.length > 0 ? [bodyOf(causes, wording.text('patrol.missed'), 3)] : []),
      ...(gaps.length > 0
        ? [bodyOf(gaps.slice(0, GAPS_SHOWN), wording.text('patrol.longGaps', { n: gaps.length }), 3)]
        : []),
    ]),
  ]);
}
