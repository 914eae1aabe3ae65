/**
 * The viewer: opens a results folder (served beside the page at `results/`, or dropped), plays one replication on
 * the map and shows the figures beside it. Parts know nothing of each other; this file passes the words between them.
 */
import { recordFrames } from './bench-hook.ts';
import { ARRIVALS, type Arrival } from './calls.ts';
import { CHART_GROUPINGS, drawResponseChart, type ChartGrouping } from './charts.ts';
import { coverageTables, unsettledWarning } from './coverage.ts';
import { byId, el, setText, visible } from './dom.ts';
import { pickLanguage, Wording, type Language, type MessageKey } from './i18n.ts';
import { IncidentPane } from './incidents.ts';
import { Legend } from './legend.ts';
import { VIEWER_LIMITS } from './limits.ts';
import type { City } from './load.ts';
import type { LoadReply, LoadRequest } from './load-worker.ts';
import { CityMap } from './map.ts';
import { MovesUnderWay } from './move-list.ts';
import { drawOutcomeChart } from './outcome-chart.ts';
import type { Problem } from './problem.ts';
import { Opener } from './opener.ts';
import { countUntil, type Replay } from './replay.ts';
import type { SourceSpec } from './source.ts';
import type { Summary } from './summary.ts';
import { Timeline } from './timeline.ts';
import { UnitsPane } from './units-pane.ts';

const TABS = ['coverage', 'incidents', 'units'] as const;
type Tab = (typeof TABS)[number];

/** Lists and counts are brought up to date this often while playing. */
const PANE_EVERY_MS = 200;

const address = new URLSearchParams(location.search);
const limitBytes = limitOf(address.get('limitMB'));
const frames = address.get('bench') === '1' ? recordFrames() : null;

let wording = new Wording(pickLanguage(address.get('lang'), navigator.languages));
let worker: Worker | null = null;
let summary: Summary | null = null;
let city: City | null = null;
let replications: number[] = [];
let replay: Replay | null = null;
let replayProblem: Problem | 'cancelled' | null = null;
let grouping: ChartGrouping = 'all';
let arrival: Arrival = 'first';
let tab: Tab = 'coverage';

let asked = false;
let paneShownAt = -Infinity;
let lastFrameAt = 0;
let marksStale = true;

const map = new CityMap({
  onChange: wake,
  onPick: ({ unit, call }) => {
    if (call >= 0) selectCall(call);
    else if (unit >= 0) followUnit(unit);
  },
  onFollow: () => {
    showFollowing();
    wake();
  },
});
const timeline = new Timeline(wording, wake);
const legend = new Legend();
const incidents = new IncidentPane(byId('pane-incidents'), {
  onSelect: selectCall,
  onGoTo: (call) => {
    if (replay) timeline.seek(replay.calls.atMs.occurred[call]);
  },
  onShow: (call) => {
    if (replay) map.showPlace(replay.calls.x[call], replay.calls.y[call]);
  },
  onUnit: (unitId) => {
    const unit = replay?.tracks.unitIds.indexOf(unitId) ?? -1;
    if (unit >= 0) followUnit(unit);
  },
});
const units = new UnitsPane(byId('pane-units'), followUnit);
const movesUnderWay = new MovesUnderWay();
const opener = new Opener(wording, limitBytes, (files) => open({ kind: 'files', files }));

function limitOf(asText: string | null): number {
  const megabytes = Number(asText);
  return Number.isInteger(megabytes) && megabytes > 0 && megabytes <= 4096
    ? megabytes * 1024 ** 2
    : VIEWER_LIMITS.totalBytes;
}

// ---- opening -------------------------------------------------------------------------------------------------------

function open(spec: SourceSpec): void {
  worker?.terminate();
  worker = new Worker(new URL('./load-worker.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('message', ({ data }: MessageEvent<LoadReply>) => receive(data));
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    // a worker that never started has no message; one out of memory neither
    const reason = event.message || wording.text('problem.worker');
    const stage = summary ? 'replay' : 'summary';
    receive({ type: 'problem', stage, problem: { code: 'replayFailed', params: { reason } } });
  });
  showLoading('load.checking', null);
  send({ type: 'open', spec, limitBytes });
}

const send = (request: LoadRequest): void => worker?.postMessage(request);

function receive(reply: LoadReply): void {
  switch (reply.type) {
    case 'summary':
      summary = reply.summary;
      city = null;
      replications = [];
      replay = null;
      replayProblem = null;
      opener.allowClosing();
      opener.close();
      incidents.clear();
      units.setFigures(summary.kpis);
      movesUnderWay.reset();
      byId('moves').hidden = true;
      timeline.setEnabled(false);
      showSummary();
      if (summary.hasLog) load(null);
      else loadCity();
      break;
    case 'progress':
      showLoading(`load.${reply.stage}`, reply.share);
      break;
    case 'city':
      city = reply.city;
      replications = reply.replications;
      offerReplications();
      map.setCity(city.roads, city.places);
      buildLegend();
      if (summary && !summary.hasLog) {
        hideLoading();
        refreshPane();
      }
      break;
    case 'replay':
      if (city && summary) startReplay({ ...reply.replay, roads: city.roads });
      break;
    case 'problem':
      hideLoading();
      if (reply.stage === 'summary') opener.report(reply.problem);
      else {
        replayProblem = reply.problem;
        showReplayProblem();
      }
      break;
  }
}

function load(replication: number | null): void {
  replayProblem = null;
  showReplayProblem();
  showLoading(city ? 'load.events' : 'load.roads', 0);
  send({ type: 'replication', replication });
}

/** A run without a log has a map, but nothing that moves on it. */
function loadCity(): void {
  replayProblem = null;
  showReplayProblem();
  showLoading('load.roads', 0);
  send({ type: 'city' });
}

function startReplay(loaded: Replay): void {
  if (!summary || !city) return;
  replay = loaded;
  hideLoading();
  map.setReplay(replay);
  const { kpis, start } = summary;
  timeline.setReplay(replay, start, kpis.clockStart);
  incidents.setReplay(replay, city.places, start, kpis.clockStart);
  units.setReplay(replay, city.places, start);
  movesUnderWay.reset();
  buildLegend();
  marksStale = true;
  drawCharts();
  showNotice();
  refreshPane();
}

// ---- showing -------------------------------------------------------------------------------------------------------

function applyWording(): void {
  document.documentElement.lang = wording.language;
  for (const element of document.querySelectorAll<HTMLElement>('[data-text]')) {
    setText(element, wording.text(element.dataset.text as MessageKey));
  }
  for (const element of document.querySelectorAll<HTMLElement>('[data-label]')) {
    const label = wording.text(element.dataset.label as MessageKey);
    element.setAttribute('aria-label', label);
    if (element instanceof HTMLButtonElement) element.title = label;
  }
  for (const element of document.querySelectorAll<HTMLElement>('[data-description]')) {
    const description = wording.text(element.dataset.description as MessageKey);
    element.setAttribute('aria-description', description);
    element.title = description;
  }
  timeline.setWording(wording);
  marksStale = true;
  opener.setWording(wording);
  incidents.reset();
  units.reset();
  movesUnderWay.reset();
  buildLegend();
  showSummary();
  showFollowing();
  showNotice();
  showReplayProblem();
  byId('play').removeAttribute('aria-label');
  refreshPane();
}

function switchLanguage(): void {
  const language: Language = wording.language === 'en' ? 'zh-CN' : 'en';
  wording = new Wording(language);
  const url = new URL(location.href);
  url.searchParams.set('lang', language);
  history.replaceState(null, '', url);
  applyWording();
}

function showSummary(): void {
  document.title = summary
    ? `${visible(summary.scenario)} · ${wording.text('app.title')}`
    : wording.text('app.title');
  byId('replication-box').hidden = replications.length < 2;
  byId('incomplete').hidden = !summary || summary.complete;
  byId('no-replay').hidden = !summary || summary.hasLog;
  setText(byId('no-replay'), wording.text('noLog.map'));
  if (!summary) return;
  if (!summary.hasLog) {
    byId('pane-incidents').replaceChildren(
      el('p', { class: 'about', text: wording.text('noLog.incidents') }),
    );
  }
  setText(byId('scenario'), visible(summary.scenario));
  setText(
    byId('run-facts'),
    [
      wording.text('app.seed', { seed: visible(summary.seed) }),
      ...(summary.engineVersion
        ? [wording.text('app.version', { version: visible(summary.engineVersion) })]
        : []),
    ].join(' · '),
  );
  setText(byId('incomplete'), wording.text('app.incomplete', { n: summary.replications }));
  setText(byId('replication-total'), `/ ${wording.whole(summary.replications)}`);
  // the verdict first, then the curves, then everything else
  const [achieved, ...others] = coverageTables(summary.kpis, wording);
  byId('pane-coverage').replaceChildren(
    ...unsettledWarning(summary.kpis, wording),
    ...(summary.kpis.log === false ? [el('p', { class: 'about', text: wording.text('noLog.figures') })] : []),
    achieved,
    responseBlock(),
    outcomeBlock(),
    ...others,
  );
  drawCharts();
}

function offerReplications(): void {
  byId('replication-box').hidden = replications.length < 2;
  byId('replication').replaceChildren(
    ...replications.map((number) =>
      el('option', { text: String(number), attributes: { value: String(number) } }),
    ),
  );
}

/** A choice of one of several, as buttons beside each other. */
function choiceOf<K extends string>(
  label: MessageKey,
  options: readonly K[],
  textOf: (option: K) => string,
  chosen: K,
  choose: (option: K) => void,
): HTMLElement {
  const choice = el('div', {
    class: 'choice',
    attributes: { role: 'group', 'aria-label': wording.text(label) },
  });
  for (const option of options) {
    choice.append(
      el('button', {
        text: textOf(option),
        attributes: { type: 'button', 'aria-pressed': String(option === chosen) },
        onClick: () => {
          [...choice.children].forEach((button, ix) =>
            button.setAttribute('aria-pressed', String(options[ix] === option)),
          );
          choose(option);
          drawCharts();
        },
      }),
    );
  }
  return choice;
}

function responseBlock(): HTMLElement {
  const title = wording.text('chart.title');
  return el('section', { class: 'block', attributes: { id: 'chart-block', 'aria-label': title } }, [
    el('div', { class: 'block-head' }, [
      el('h2', { text: title }),
      choiceOf(
        'chart.by',
        CHART_GROUPINGS,
        (each) => wording.text(`chart.by.${each}`),
        grouping,
        (next) => (grouping = next),
      ),
    ]),
    el('div', { class: 'block-head', attributes: { id: 'arrival-choice' } }, [
      choiceOf(
        'chart.arrival',
        ARRIVALS,
        (each) => wording.text(`chart.arrival.${each}`),
        arrival,
        (next) => (arrival = next),
      ),
    ]),
    el('div', { attributes: { id: 'chart' } }),
  ]);
}

function outcomeBlock(): HTMLElement {
  const title = wording.text('outcomes.title');
  return el('section', { class: 'block', attributes: { id: 'outcome-block', 'aria-label': title } }, [
    el('h2', { text: title }),
    el('div', { attributes: { id: 'outcomes' } }),
  ]);
}

function drawCharts(): void {
  const block = document.getElementById('chart-block');
  if (!block || !summary) return;
  block.hidden = replay === null;
  byId('outcome-block').hidden = replay === null;
  if (!replay) return;
  byId('arrival-choice').hidden = !replay.calls.unitsWanted.some((wanted) => wanted > 1);
  drawResponseChart(byId('chart'), replay, summary.kpis, { grouping, arrival }, wording);
  drawOutcomeChart(byId('outcomes'), replay, summary.start, wording);
}

function buildLegend(): void {
  const classes = city ? [...new Set(city.places.zones.map((zone) => zone.class))].slice(0, 6) : [];
  const hasDestinations = (city?.places.destinations.length ?? 0) > 0;
  legend.build(
    wording,
    { ...map.layers },
    { zoneClasses: classes, hasDestinations, replay, hasLog: summary?.hasLog ?? true },
    (layers) => map.setLayers(layers),
  );
}

function showFollowing(): void {
  byId('following').hidden = map.following < 0;
  const unit = replay?.tracks.unitIds[map.following];
  setText(
    byId('following-text'),
    unit === undefined ? '' : wording.text('map.following', { unit: visible(unit) }),
  );
}

function showNotice(): void {
  const notes = [
    ...(replay && replay.nUnknownRows > 0
      ? [wording.text('map.unknownRows', { n: replay.nUnknownRows })]
      : []),
    ...(city && city.places.nOther > 0 ? [wording.text('map.otherFeatures', { n: city.places.nOther })] : []),
  ];
  byId('notice').hidden = notes.length === 0;
  setText(byId('notice'), notes.join(' '));
}

function showLoading(key: MessageKey, share: number | null): void {
  byId('loading').hidden = false;
  setText(byId('loading-text'), wording.text(key));
  const bar = byId<HTMLProgressElement>('loading-bar');
  if (share === null) bar.removeAttribute('value');
  else bar.value = share;
}

function hideLoading(): void {
  byId('loading').hidden = true;
}

function showReplayProblem(): void {
  byId('replay-problem').hidden = replayProblem === null;
  setText(
    byId('replay-problem-text'),
    replayProblem === null
      ? ''
      : replayProblem === 'cancelled'
        ? wording.text('load.cancelled')
        : wording.text(`problem.${replayProblem.code}`, replayProblem.params),
  );
}

// ---- choosing ------------------------------------------------------------------------------------------------------

function selectCall(call: number): void {
  map.selection = { unit: call >= 0 ? -1 : map.selection.unit, call };
  incidents.select(call);
  if (call >= 0) selectTab('incidents');
  refreshPane();
}

function followUnit(unit: number): void {
  const next = map.following === unit ? -1 : unit;
  map.selection = { unit: next, call: next >= 0 ? -1 : map.selection.call };
  map.follow(next);
  refreshPane();
}

function selectTab(next: Tab): void {
  tab = next;
  for (const each of TABS) {
    const button = byId(`tab-${each}`);
    button.setAttribute('aria-selected', String(each === tab));
    button.tabIndex = each === tab ? 0 : -1;
    byId(`pane-${each}`).hidden = each !== tab;
  }
  refreshPane();
}

// ---- running -------------------------------------------------------------------------------------------------------

function refreshPane(): void {
  paneShownAt = -Infinity;
  wake();
}

/** Asks for a frame; any number of wishes make one. */
function wake(): void {
  if (asked) return;
  asked = true;
  requestAnimationFrame(frame);
}

function frame(pageMs: number): void {
  asked = false;
  const { clock } = timeline;
  const startedAt = performance.now();
  clock.tick(lastFrameAt === 0 ? 0 : pageMs - lastFrameAt);
  lastFrameAt = clock.playing ? pageMs : 0;
  const again = map.frame(clock.nowMs, pageMs);
  if (replay) {
    timeline.show();
    if (marksStale) {
      timeline.paint(map.palette);
      marksStale = false;
    }
  }
  if (!clock.playing || pageMs - paneShownAt >= PANE_EVERY_MS) {
    paneShownAt = pageMs;
    showPane();
  }
  map.pointOut(clock.nowMs, wording);
  frames?.record(pageMs, performance.now() - startedAt);
  if (clock.playing || again) wake();
}

function showPane(): void {
  const { nowMs } = timeline.clock;
  if (summary && !summary.hasLog && tab === 'units') units.show(nowMs, -1, wording);
  if (!replay || !map.units || !city) return;
  legend.count(map.units, countUntil(replay.taskDoneMs, nowMs), wording);
  movesUnderWay.show(replay, city.places, nowMs, wording, followUnit);
  if (tab === 'incidents') incidents.show(nowMs, wording);
  else if (tab === 'units') units.show(nowMs, map.following, wording);
}

// ---- starting ------------------------------------------------------------------------------------------------------

byId('language').addEventListener('click', switchLanguage);
byId('zoom-in').addEventListener('click', () => map.view.zoomBy(1.6));
byId('zoom-out').addEventListener('click', () => map.view.zoomBy(1 / 1.6));
byId('zoom-fit').addEventListener('click', () => map.fit());
byId('stop-following').addEventListener('click', () => {
  map.selection = { unit: -1, call: map.selection.call };
  map.follow(-1);
});
byId('loading-cancel').addEventListener('click', () => {
  worker?.terminate();
  hideLoading();
  if (summary) {
    replayProblem = 'cancelled';
    showReplayProblem();
  } else {
    opener.open();
  }
});
byId<HTMLSelectElement>('replication').addEventListener('change', (event) => {
  load(Number((event.target as HTMLSelectElement).value));
});
for (const each of TABS) byId(`tab-${each}`).addEventListener('click', () => selectTab(each));
byId('tabs').addEventListener('keydown', (event) => {
  const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  if (by === 0) return;
  event.preventDefault();
  const next = TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length];
  selectTab(next);
  byId(`tab-${next}`).focus();
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  map.recolour();
  marksStale = true;
});
new ResizeObserver(() => {
  marksStale = true;
  wake();
}).observe(byId('track'));
frames?.expose({ map, timeline, ready: () => replay !== null });

selectTab('coverage');
applyWording();
open({ kind: 'served', baseUrl: new URL('results/', location.href).href });
