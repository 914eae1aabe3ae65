import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { decodeRoadGraph } from '../../engine/graph/graph-file.ts';
import { runCli } from '../support/cli.ts';
import { TOWN, toXml } from '../support/tiny-map.ts';

const folder = mkdtempSync(join(tmpdir(), 'patrol135-modes-'));
afterAll(() => rmSync(folder, { recursive: true }));
const roads = join(folder, 'town.osm');
writeFileSync(roads, toXml(TOWN));

it('patrol135 import --modes reads roads for those modes, and counts the ways of each and what stands on them', async () => {
  const out = join(folder, 'town.graph');
  const { code, stdout, stderr } = await runCli(['import', roads, '--modes', 'car,foot', '--out', out]);
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^Open to: +car 2, foot 3$/m);
  expect(stdout).toMatch(/^Junctions: stop 1$/m);
  const { graph, report } = await decodeRoadGraph(readFileSync(out), out);
  expect([graph.modes, report.modes]).toEqual([9, { car: 2, foot: 3 }]);
});

it.each([
  ['car,bicicle', /"bicicle" is not a mode of travel \(did you mean "bicycle"\?\)/],
  ['foot,foot', /"foot" is there twice/],
])('patrol135 import --modes %s ends with exit 2 and says what is allowed', async (modes, message) => {
  const args = ['import', roads, '--modes', modes, '--out', join(folder, 'none.graph')];
  const { code, stderr } = await runCli(args);
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
});
