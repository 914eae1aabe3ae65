/** What a road is made of: values of `surface` (OpenStreetMap wiki, Key:surface) in groups that drive alike. */
import { SURFACES, type Surface } from '../road-extract.ts';

const GROUPS: Readonly<Record<Exclude<Surface, ''>, readonly string[]>> = {
  asphalt: ['asphalt', 'paved', 'chipseal', 'tartan', 'rubber', 'acrylic'],
  concrete: ['concrete', 'concrete:plates', 'concrete:lanes', 'cement'],
  paving_stones: ['paving_stones', 'paving_stones:lanes', 'bricks', 'brick', 'tiles', 'interlock'],
  cobblestone: ['cobblestone', 'cobblestone:flattened', 'unhewn_cobblestone', 'sett', 'stone', 'grass_paver'],
  wood: ['wood'],
  metal: ['metal', 'metal_grid'],
  compacted: ['compacted', 'fine_gravel'],
  gravel: ['gravel', 'pebblestone', 'rock', 'shells'],
  unpaved: ['unpaved', 'dirt', 'earth', 'ground', 'soil', 'clay', 'woodchips'],
  grass: ['grass'],
  sand: ['sand'],
  mud: ['mud'],
};

const SURFACE_OF: ReadonlyMap<string, number> = new Map(
  Object.entries(GROUPS).flatMap(([surface, values]) =>
    values.map((value): [string, number] => [value, SURFACES.indexOf(surface as Surface)]),
  ),
);

/** Index into SURFACES; of a list (`paved;cobblestone`) the poorest. Null where no value is known. */
export function readSurface(value: string): number | null {
  let poorest: number | null = null;
  for (const part of value.split(';')) {
    const surface = SURFACE_OF.get(part.trim());
    if (surface !== undefined && surface > (poorest ?? 0)) poorest = surface;
  }
  return poorest;
}
