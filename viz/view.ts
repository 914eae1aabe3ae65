/** The view onto the flat world: which metres lie under which pixel. Pan and zoom by d3-zoom. */
import { select, zoom, zoomIdentity, type ZoomBehavior, type ZoomTransform } from 'd3';

interface Bounds {
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
}

/** Most pixels per metre: beyond, a street is wider than the screen. */
const CLOSEST_PX_PER_M = 4;
/** Least room kept free around the network, for half a name beside its border. */
const LABEL_PX = 32;

export class MapView {
  /** Screen = world * k + (x, y), in CSS pixels. */
  transform: ZoomTransform = zoomIdentity;
  width = 1;
  height = 1;
  /** When the person last moved the map, in ms of the page's clock. */
  movedAt = 0;
  readonly #element: HTMLElement;
  readonly #zoom: ZoomBehavior<HTMLElement, unknown>;
  #bounds: Bounds = { minX: 0, minY: 0, maxX: 1, maxY: 1 };

  /** @param onMove  called on every change; `byPerson` when a hand moved the map */
  constructor(element: HTMLElement, onMove: (byPerson: boolean) => void) {
    this.#element = element;
    this.#zoom = zoom<HTMLElement, unknown>()
      .clickDistance(5)
      .on('zoom', (event: { transform: ZoomTransform; sourceEvent: unknown }) => {
        this.transform = event.transform;
        this.movedAt = performance.now();
        onMove(event.sourceEvent !== null && event.sourceEvent !== undefined);
      });
    select(element).call(this.#zoom).on('dblclick.zoom', null);
  }

  /** Takes the size of the element; keeps what is in the middle in the middle. */
  resize(): void {
    const { clientWidth, clientHeight } = this.#element;
    const dx = (clientWidth - this.width) / 2;
    const dy = (clientHeight - this.height) / 2;
    this.width = Math.max(1, clientWidth);
    this.height = Math.max(1, clientHeight);
    this.#limit();
    const { k, x, y } = this.transform;
    this.#set(zoomIdentity.translate(x + dx, y + dy).scale(k));
  }

  /** Sets the world and shows all of it, leaving pixels free at the sides for what lies over the map. */
  fit(
    bounds: Bounds = this.#bounds,
    { left, right }: { left: number; right: number } = { left: 0, right: 0 },
  ): void {
    this.#bounds = bounds;
    this.#limit();
    const k = this.#fitScale(left + right);
    this.#set(
      zoomIdentity
        .translate(
          left + (this.width - left - right) / 2 - (k * (bounds.minX + bounds.maxX)) / 2,
          this.height / 2 - (k * (bounds.minY + bounds.maxY)) / 2,
        )
        .scale(k),
    );
  }

  #fitScale(taken: number): number {
    const { minX, minY, maxX, maxY } = this.#bounds;
    const room = (px: number): number => Math.max(1, Math.min(px * 0.95, px - 2 * LABEL_PX));
    const k = Math.min(room(this.width - taken) / (maxX - minX || 1), room(this.height) / (maxY - minY || 1));
    return Math.min(CLOSEST_PX_PER_M, Math.max(k, 1e-6));
  }

  #limit(): void {
    this.#zoom.scaleExtent([this.#fitScale(0) / 2, CLOSEST_PX_PER_M]).extent([
      [0, 0],
      [this.width, this.height],
    ]);
  }

  zoomBy(factor: number): void {
    select(this.#element).call(this.#zoom.scaleBy.bind(this.#zoom), factor);
  }

  panBy(dx: number, dy: number): void {
    const { k } = this.transform;
    select(this.#element).call(this.#zoom.translateBy.bind(this.#zoom), dx / k, dy / k);
  }

  /** Brings a world place to the middle, zooming in to at least `pxPerM`. */
  centre(x: number, y: number, pxPerM = 0): void {
    const k = Math.min(CLOSEST_PX_PER_M, Math.max(this.transform.k, pxPerM));
    this.#set(zoomIdentity.translate(this.width / 2 - k * x, this.height / 2 - k * y).scale(k));
  }

  #set(transform: ZoomTransform): void {
    select(this.#element).call(this.#zoom.transform.bind(this.#zoom), transform);
  }
}
