import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// The station serves what is built; `vite dev` hands everything else on to a station at 8080.
const STATION = 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [svelte()],
  build: {
    outDir: '../src/longwatch/station/page',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
  },
  server: {
    proxy: {
      '/api': STATION,
      '/tiles': STATION,
      '/help': STATION,
      '/enter': STATION,
      '/ws': { target: STATION, ws: true },
    },
  },
  test: { include: ['tests/**/*.test.ts'] },
});
