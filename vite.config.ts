import { configDefaults, defineConfig } from 'vitest/config';

// The viewer is built from viz/; the tests live beside it, so vitest gets the repository as its root again.
export default defineConfig({
  root: 'viz',
  base: './',
  build: {
    outDir: '../dist/viz',
    emptyOutDir: true,
    target: 'es2022',
    // data: addresses and inline scripts are refused by the page's Content-Security-Policy
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // d3 and hyparquet are part of the build: their licences travel with it
    license: { fileName: 'licenses.md' },
  },
  worker: { format: 'es' },
  test: {
    root: '.',
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'dist/**'],
    // by default one core is left idle, which is half of a machine with two
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
