/**
 * The kernels in AssemblyScript: raw loads and stores on a label space that begins at address 0, so that they need no
 * runtime, no objects and no globals. `npm run build:kernels` compiles them; the TypeScript twin of each is beside this
 * folder, is its oracle, and gives the same bytes.
 */
export * from './customise';
export * from './label';
export * from './update';
export * from './query';
export * from './sweep';
