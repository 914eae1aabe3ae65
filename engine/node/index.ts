/** The engine for Node: everything of engine/index.ts, and scenarios, graphs and results on disk. */
export * from '../index.ts';
export { openScenario, type OpenedScenario } from './scenario-files.ts';
export { openGraph } from './open-graph.ts';
export { openAndReadScenario, runScenario, type RunOptions, type RunOutcome } from './run-scenario.ts';
export {
  createPool,
  defaultWorkers,
  type Pool,
  type PoolOptions,
  ReplicationError,
  type Replications,
  runReplications,
} from './pool.ts';
export { stopRun, type StopOptions, type StopOutcome } from './stop-run.ts';
export { verifyRun, type VerifyOptions } from './verify-run.ts';
export { openStudy, type PlanRequest, type Study, studyPool } from './study.ts';
export { openOutputFolder, type OutputFolder } from './output-folder.ts';
export { writeFileWhole } from './files.ts';
