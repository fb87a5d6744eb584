import { defineConfig } from 'vite';

// The console's page: `npm run console` writes it to console/dist, from where a node serves it at /console.
export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0, // the page's policy takes no data: addresses
    modulePreload: false,
    reportCompressedSize: false,
  },
});
