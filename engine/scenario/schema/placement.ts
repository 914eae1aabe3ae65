/** The placement request. */
import { z } from 'zod';
import { id } from './names.ts';
import { lonLat } from './places.ts';

const siteList = z.array(z.union([id, lonLat])).max(10_000);
export const placementSchema = z.strictObject({
  type: id.describe('Placement model, such as "mclp".'),
  sites: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe(
      'Number of sites to open, required ones included. Default: the distinct posts of units that have one, plus one for each unit without a post (those on duty together).',
    ),
  candidates: z
    .strictObject({
      posts: z.boolean().default(true),
      nodes: z.boolean().default(true),
      maxNodes: z
        .int()
        .min(1)
        .max(1_000_000)
        .default(400)
        .describe('Road nodes are thinned evenly to this many.'),
    })
    .default({ posts: true, nodes: true, maxNodes: 400 }),
  required: siteList.default([]).describe('Post ids or places that must be open.'),
  forbidden: siteList.default([]).describe('Post ids or places that must stay closed.'),
});
