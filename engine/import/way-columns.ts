/** Ways under construction, as growing columns. */
import { Column } from './column.ts';

/** One column for each property of a way; the vertices of way w begin at firstRef[w] of refs. */
export interface WayColumns {
  osmId: Column<Float64Array>;
  firstRef: Column<Uint32Array>;
  refs: Column<Uint32Array>;
  roadClass: Column<Uint8Array>;
  forwardModes: Column<Uint8Array>;
  backwardModes: Column<Uint8Array>;
  maxSpeedForwardKph: Column<Uint8Array>;
  maxSpeedBackwardKph: Column<Uint8Array>;
  surface: Column<Uint8Array>;
  name: Column<Uint32Array>;
}

/** The properties of one way. */
interface WayRow {
  osmId: number;
  roadClass: number;
  forwardModes: number;
  backwardModes: number;
  maxSpeedForwardKph: number;
  maxSpeedBackwardKph: number;
  surface: number;
  name: number;
}

export const newWayColumns = (): WayColumns => ({
  osmId: new Column(Float64Array),
  firstRef: new Column(Uint32Array),
  refs: new Column(Uint32Array),
  roadClass: new Column(Uint8Array),
  forwardModes: new Column(Uint8Array),
  backwardModes: new Column(Uint8Array),
  maxSpeedForwardKph: new Column(Uint8Array),
  maxSpeedBackwardKph: new Column(Uint8Array),
  surface: new Column(Uint8Array),
  name: new Column(Uint32Array),
});

export const wayAt = (ways: WayColumns, way: number): WayRow => ({
  osmId: ways.osmId.values[way],
  roadClass: ways.roadClass.values[way],
  forwardModes: ways.forwardModes.values[way],
  backwardModes: ways.backwardModes.values[way],
  maxSpeedForwardKph: ways.maxSpeedForwardKph.values[way],
  maxSpeedBackwardKph: ways.maxSpeedBackwardKph.values[way],
  surface: ways.surface.values[way],
  name: ways.name.values[way],
});

/** Adds a way whose vertices follow. */
export const pushWay = (ways: WayColumns, row: WayRow): void => pushPiece(ways, row, ways.refs.length);

/** Adds a way whose vertices are there already, from `firstRef` on. */
export function pushPiece(ways: WayColumns, row: WayRow, firstRef: number): void {
  ways.osmId.push(row.osmId);
  ways.firstRef.push(firstRef);
  ways.roadClass.push(row.roadClass);
  ways.forwardModes.push(row.forwardModes);
  ways.backwardModes.push(row.backwardModes);
  ways.maxSpeedForwardKph.push(row.maxSpeedForwardKph);
  ways.maxSpeedBackwardKph.push(row.maxSpeedBackwardKph);
  ways.surface.push(row.surface);
  ways.name.push(row.name);
}
