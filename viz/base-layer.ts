/**
 * The still part of the map: ground, zones, roads, lines, points, posts, destinations. Painted in slices of a few milliseconds onto
 * a canvas larger than the view, and moved as a whole while the hand or a followed unit moves the map: 100,000
 * segments cost nothing per frame, and a repaint never blocks one.
 */
import { visible } from './dom.ts';
import { zoneColour, ROAD_LEVELS, type Palette } from './palette.ts';
import type { Places, WorldPath } from './places.ts';
import { ABSENT } from './parquet-table.ts';
import type { Roads } from './roads.ts';
import type { MapView } from './view.ts';

export interface ShownLayers {
  zones: boolean;
  points: boolean;
  lines: boolean;
  posts: boolean;
  destinations: boolean;
  names: boolean;
}

/** The part of the world a canvas shows. */
interface Frame {
  k: number;
  x: number;
  y: number;
  width: number;
  height: number;
  marginX: number;
  marginY: number;
}

/** Share of the view painted beyond each edge. */
const MARGIN = 0.25;
/** Repaint when the hand has rested this long, or at once when the painted part no longer fills the view. */
const REST_MS = 120;
/** Segments per path: long paths are slow to stroke, short ones slow to start. */
const SEGMENTS_PER_PATH = 600;

const LEVEL_OF_CLASS = new Map([
  ['motorway', 4],
  ['trunk', 4],
  ['primary', 3],
  ['secondary', 2],
  ['tertiary', 1],
]);

export class BaseLayer {
  #front: HTMLCanvasElement;
  #back: HTMLCanvasElement;
  #shown: Frame | null = null;
  #painting: { frame: Frame; steps: Iterator<void> } | null = null;
  #stale = true;
  #roads: Roads | null = null;
  #places: Places | null = null;
  #boxes: Float64Array = new Float64Array(0);
  #levels: Int32Array[] = [];
  layers: ShownLayers = {
    zones: true,
    points: true,
    lines: true,
    posts: true,
    destinations: true,
    names: true,
  };

  constructor(front: HTMLCanvasElement, back: HTMLCanvasElement) {
    this.#front = front;
    this.#back = back;
  }

  setCity(roads: Roads, places: Places): void {
    this.#roads = roads;
    this.#places = places;
    this.#boxes = segmentBoxes(roads);
    this.#levels = segmentsByLevel(roads);
    this.#shown = null;
    this.refresh();
  }

  /** Colours or layers have changed: paint anew. */
  refresh(): void {
    this.#stale = true;
    this.#painting = null;
  }

  /** True while there is painting to do. */
  get busy(): boolean {
    return this.#painting !== null || this.#stale;
  }

  /** Places the painted canvas under the view, and paints on for about `budgetMs`. */
  frame(view: MapView, palette: Palette, nowMs: number, budgetMs: number): void {
    if (!this.#roads || !this.#places) return;
    if (!this.#painting && this.#needsPaint(view, nowMs)) this.#start(view, palette);
    if (this.#painting) {
      const until = performance.now() + budgetMs;
      do {
        if (this.#painting.steps.next().done) {
          this.#finish();
          break;
        }
      } while (performance.now() < until);
    }
    this.#place(view);
  }

  /** Whether a later call of `frame` will have something to do although nothing else changes. */
  waits(view: MapView): boolean {
    return this.busy || (this.#roads !== null && !this.#isCurrent(view));
  }

  #isCurrent({ transform, width, height }: MapView): boolean {
    const shown = this.#shown;
    return (
      shown !== null &&
      shown.k === transform.k &&
      shown.x === transform.x &&
      shown.y === transform.y &&
      shown.width === width &&
      shown.height === height
    );
  }

  #needsPaint(view: MapView, nowMs: number): boolean {
    const shown = this.#shown;
    if (this.#stale || !shown) return true;
    if (this.#isCurrent(view)) return false;
    const { k, x, y } = view.transform;
    const ratio = k / shown.k;
    const left = x - ratio * (shown.marginX + shown.x);
    const top = y - ratio * (shown.marginY + shown.y);
    const right = left + ratio * (shown.width + 2 * shown.marginX);
    const bottom = top + ratio * (shown.height + 2 * shown.marginY);
    const fills = left <= 0 && top <= 0 && right >= view.width && bottom >= view.height;
    if (!fills || ratio > 1.6 || ratio < 0.6) return true;
    return ratio !== 1 && nowMs - view.movedAt > REST_MS;
  }

  #start(view: MapView, palette: Palette): void {
    const frame: Frame = {
      k: view.transform.k,
      x: view.transform.x,
      y: view.transform.y,
      width: view.width,
      height: view.height,
      marginX: Math.round(view.width * MARGIN),
      marginY: Math.round(view.height * MARGIN),
    };
    const ratio = Math.min(2, devicePixelRatio);
    const canvas = this.#back;
    const cssWidth = frame.width + 2 * frame.marginX;
    const cssHeight = frame.height + 2 * frame.marginY;
    canvas.width = Math.round(cssWidth * ratio);
    canvas.height = Math.round(cssHeight * ratio);
    canvas.style.width = `${cssWidth}px`;
    canvas.style.height = `${cssHeight}px`;
    const context = canvas.getContext('2d', { alpha: false });
    if (!context) throw new Error('this browser gives no 2D canvas');
    context.scale(ratio, ratio);
    this.#stale = false;
    this.#painting = { frame, steps: this.#paint(context, frame, cssWidth, cssHeight, palette) };
  }

  #finish(): void {
    if (!this.#painting) return;
    this.#shown = this.#painting.frame;
    this.#painting = null;
    [this.#front, this.#back] = [this.#back, this.#front];
    this.#front.style.visibility = 'visible';
    this.#back.style.visibility = 'hidden';
  }

  #place({ transform: { k, x, y } }: MapView): void {
    const shown = this.#shown;
    if (!shown) return;
    const ratio = k / shown.k;
    const left = x - ratio * (shown.marginX + shown.x);
    const top = y - ratio * (shown.marginY + shown.y);
    const transform = `translate(${left}px, ${top}px) scale(${ratio})`;
    if (this.#front.style.transform !== transform) this.#front.style.transform = transform;
  }

  *#paint(
    context: CanvasRenderingContext2D,
    frame: Frame,
    width: number,
    height: number,
    palette: Palette,
  ): Iterator<void> {
    const roads = this.#roads;
    const places = this.#places;
    if (!roads || !places) return;
    const { layers } = this;
    context.fillStyle = palette.ground;
    context.fillRect(0, 0, width, height);
    const offsetX = frame.x + frame.marginX;
    const offsetY = frame.y + frame.marginY;
    const pen: Pen = { context, k: frame.k, offsetX, offsetY, width, height, palette };
    if (layers.zones) {
      for (const zone of places.zones) {
        paintZone(pen, zone.rings, zoneColour(palette, zone.class), 'fill');
        yield;
      }
    }
    for (let level = 0; level < ROAD_LEVELS; level++) {
      yield* paintRoads(pen, roads, this.#boxes, this.#levels[level], level);
    }
    if (layers.zones) {
      for (const zone of places.zones) paintZone(pen, zone.rings, zoneColour(palette, zone.class), 'outline');
    }
    yield;
    if (layers.lines) paintLines(pen, places);
    yield;
    if (layers.points) paintPoints(pen, places.points);
    if (layers.posts) paintPosts(pen, places.posts);
    if (layers.destinations) paintDestinations(pen, places.destinations);
    if (layers.names) paintNames(pen, places, layers);
  }
}

/** A canvas and how the world lies on it. */
interface Pen {
  context: CanvasRenderingContext2D;
  k: number;
  offsetX: number;
  offsetY: number;
  width: number;
  height: number;
  palette: Palette;
}

/** Bounding boxes of the segments: minX, minY, maxX, maxY each. */
function segmentBoxes({ nSegments, firstPoint, x, y }: Roads): Float64Array {
  const boxes = new Float64Array(4 * nSegments);
  for (let segment = 0; segment < nSegments; segment++) {
    let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let point = firstPoint[segment]; point < firstPoint[segment + 1]; point++) {
      if (x[point] < minX) minX = x[point];
      if (x[point] > maxX) maxX = x[point];
      if (y[point] < minY) minY = y[point];
      if (y[point] > maxY) maxY = y[point];
    }
    boxes.set([minX, minY, maxX, maxY], 4 * segment);
  }
  return boxes;
}

function segmentsByLevel({ nSegments, roadClass, classNames }: Roads): Int32Array[] {
  const levelOf = classNames.map((name) => LEVEL_OF_CLASS.get(name.replace(/_link$/, '')) ?? 0);
  const lists = Array.from({ length: ROAD_LEVELS }, (): number[] => []);
  for (let segment = 0; segment < nSegments; segment++) {
    const number = roadClass[segment];
    lists[number === ABSENT ? 0 : levelOf[number]].push(segment);
  }
  return lists.map((list) => Int32Array.from(list));
}

const ROAD_WIDTH_PX = [0.9, 1.2, 1.6, 2, 2.4];

function* paintRoads(
  { context, k, offsetX, offsetY, width, height, palette }: Pen,
  { firstPoint, x, y }: Roads,
  boxes: Float64Array,
  segments: Int32Array,
  level: number,
): Generator<void> {
  // the painted part of the world, a little larger for the width of the lines
  const minX = (-8 - offsetX) / k;
  const maxX = (width + 8 - offsetX) / k;
  const minY = (-8 - offsetY) / k;
  const maxY = (height + 8 - offsetY) / k;
  // lines grow slower than the map: 1 at 0.1 px/m, a street map, 2.5 times as wide at 10 times the scale
  const growth = Math.min(3, Math.max(0.8, (k / 0.1) ** 0.4));
  context.strokeStyle = palette.roads[level];
  context.lineWidth = ROAD_WIDTH_PX[level] * growth;
  context.lineJoin = growth > 1.5 ? 'round' : 'miter';
  context.lineCap = growth > 1.5 ? 'round' : 'butt';
  let inPath = 0;
  context.beginPath();
  for (let ix = 0; ix < segments.length; ix++) {
    const segment = segments[ix];
    const box = 4 * segment;
    if (boxes[box] > maxX || boxes[box + 2] < minX || boxes[box + 1] > maxY || boxes[box + 3] < minY)
      continue;
    const last = firstPoint[segment + 1] - 1;
    let point = firstPoint[segment];
    let sx = x[point] * k + offsetX;
    let sy = y[point] * k + offsetY;
    context.moveTo(sx, sy);
    while (++point <= last) {
      const nextX = x[point] * k + offsetX;
      const nextY = y[point] * k + offsetY;
      // points closer than a pixel to the one before add nothing but the last
      if (point < last && Math.abs(nextX - sx) + Math.abs(nextY - sy) < 1) continue;
      context.lineTo(nextX, nextY);
      sx = nextX;
      sy = nextY;
    }
    if (++inPath === SEGMENTS_PER_PATH) {
      context.stroke();
      context.beginPath();
      inPath = 0;
      yield;
    }
  }
  context.stroke();
  yield;
}

function trace({ context, k, offsetX, offsetY }: Pen, path: WorldPath): void {
  for (let ix = 0; ix + 1 < path.length; ix += 2) {
    const x = path[ix] * k + offsetX;
    const y = path[ix + 1] * k + offsetY;
    if (ix === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  }
}

function paintZone(pen: Pen, rings: readonly WorldPath[], colour: string, how: 'fill' | 'outline'): void {
  const { context } = pen;
  context.beginPath();
  for (const ring of rings) trace(pen, ring);
  if (how === 'fill') {
    context.globalAlpha = 0.1;
    context.fillStyle = colour;
    context.fill('evenodd');
  } else {
    context.globalAlpha = 0.75;
    context.strokeStyle = colour;
    context.lineWidth = 1.25;
    context.stroke();
  }
  context.globalAlpha = 1;
}

function paintLines(pen: Pen, { lines }: Places): void {
  const { context, palette, k } = pen;
  context.strokeStyle = palette.patrolLine;
  context.lineWidth = Math.min(4, Math.max(1.6, 1.6 * Math.sqrt(k / 0.1)));
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.globalAlpha = 0.6;
  for (const line of lines) {
    context.beginPath();
    for (const path of line.paths) trace(pen, path);
    context.stroke();
  }
  context.globalAlpha = 1;
}

function paintPoints({ context, palette, k, offsetX, offsetY }: Pen, points: Places['points']): void {
  context.beginPath();
  for (const { x, y } of points) {
    const sx = x * k + offsetX;
    const sy = y * k + offsetY;
    context.moveTo(sx + 3, sy);
    context.arc(sx, sy, 3, 0, 2 * Math.PI);
  }
  context.fillStyle = palette.ground;
  context.fill();
  context.strokeStyle = palette.point;
  context.lineWidth = 1.6;
  context.stroke();
}

function paintPosts({ context, palette, k, offsetX, offsetY }: Pen, posts: Places['posts']): void {
  context.fillStyle = palette.post;
  context.strokeStyle = palette.halo;
  context.lineWidth = 1.5;
  for (const { x, y } of posts) {
    const sx = x * k + offsetX;
    const sy = y * k + offsetY;
    context.beginPath();
    context.rect(sx - 5, sy - 5, 10, 10);
    context.stroke();
    context.fill();
    context.save();
    context.fillStyle = palette.halo;
    context.fillRect(sx - 1.75, sy - 1.75, 3.5, 3.5);
    context.restore();
  }
}

/** A gable: a square with a roof. */
function paintDestinations(
  { context, palette, k, offsetX, offsetY }: Pen,
  destinations: Places['destinations'],
): void {
  context.beginPath();
  for (const { x, y } of destinations) {
    const sx = x * k + offsetX;
    const sy = y * k + offsetY;
    context.moveTo(sx - 5.5, sy + 6);
    context.lineTo(sx - 5.5, sy - 1.5);
    context.lineTo(sx, sy - 7);
    context.lineTo(sx + 5.5, sy - 1.5);
    context.lineTo(sx + 5.5, sy + 6);
    context.closePath();
  }
  context.strokeStyle = palette.halo;
  context.lineWidth = 3;
  context.lineJoin = 'round';
  context.stroke();
  context.fillStyle = palette.destination;
  context.fill();
}

/** Names, important ones first; a name that would cover another is left out until the map is closer. */
function paintNames(pen: Pen, places: Places, layers: ShownLayers): void {
  const { context, palette, k, offsetX, offsetY, width, height } = pen;
  const taken: { x: number; y: number; width: number; height: number }[] = [];
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  context.strokeStyle = palette.halo;
  context.lineWidth = 3;

  const paint = (name: string, x: number, y: number, colour: string, font: string, dy: number): void => {
    const sx = x * k + offsetX;
    const sy = y * k + offsetY + dy;
    if (sx < 0 || sy < 0 || sx > width || sy > height || name === '') return;
    context.font = `${font} ${palette.fontFamily}`;
    const text = visible(name);
    const textWidth = context.measureText(text).width;
    const box = { x: sx - textWidth / 2 - 3, y: sy - 8, width: textWidth + 6, height: 16 };
    const covers = taken.some(
      (other) =>
        box.x < other.x + other.width &&
        other.x < box.x + box.width &&
        box.y < other.y + other.height &&
        other.y < box.y + box.height,
    );
    if (covers) return;
    taken.push(box);
    context.strokeText(text, sx - textWidth / 2, sy);
    context.fillStyle = colour;
    context.fillText(text, sx - textWidth / 2, sy);
  };

  if (layers.posts) {
    const near = k > 0.08;
    for (const { name, x, y } of places.posts) {
      paint(name, x, y, near ? palette.post : palette.quietInk, near ? '600 11px' : '10px', 13);
    }
  }
  if (layers.destinations) {
    for (const { name, x, y } of places.destinations) {
      paint(name, x, y, palette.destination, k > 0.08 ? '600 11px' : '10px', 15);
    }
  }
  if (layers.zones) {
    for (const zone of places.zones) {
      const middle = middleOf(zone.rings[0]);
      if (middle && middle.size * k > 70) {
        paint(zone.name, middle.x, middle.y, zoneColour(palette, zone.class), '11px', 0);
      }
    }
  }
  if (layers.points && k > 0.12) {
    for (const { name, x, y } of places.points) paint(name, x, y, palette.point, '11px', -11);
  }
}

function middleOf(ring: WorldPath | undefined): { x: number; y: number; size: number } | null {
  if (!ring || ring.length < 2) return null;
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let ix = 0; ix + 1 < ring.length; ix += 2) {
    minX = Math.min(minX, ring[ix]);
    maxX = Math.max(maxX, ring[ix]);
    minY = Math.min(minY, ring[ix + 1]);
    maxY = Math.max(maxY, ring[ix + 1]);
  }
  return { x: (minX + maxX) / 2, y: (minY + maxY) / 2, size: maxX - minX };
}
