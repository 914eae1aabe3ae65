/** The engine for browsers: everything of engine/index.ts, scenarios from memory or fetched, and runs in Web Workers. */
export * from '../index.ts';
export { loadHighs, type HighsLoader, type LocateFile } from '../placement/solver.ts';
export { fetchFiles, openScenarioFromBytes } from './scenario-files.ts';
export { type BrowserRunOptions, runInBrowser } from './run.ts';
