import { readdirSync, readFileSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// The station serves what is built; `vite dev` hands everything else on to a station at 8080.
const STATION = 'http://127.0.0.1:8080';

// What of others goes into the page goes with its licence.
const INSIDE = [
  '@fontsource/b612', '@fontsource/b612-mono', '@fontsource/fira-sans', '@msgpack/msgpack',
  'geographiclib-geodesic', 'maplibre-gl', 'svelte',
]; // prettier-ignore

function licence(name: string): string {
  const folder = `node_modules/${name}`;
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  if (!file) throw new Error(`${name} comes without a licence file`);
  return `${name}\n${'='.repeat(name.length)}\n\n${readFileSync(`${folder}/${file}`, 'utf8')}`;
}

const licences = {
  name: 'licences',
  generateBundle(this: { emitFile: (file: object) => void }): void {
    this.emitFile({ type: 'asset', fileName: 'licences.txt', source: INSIDE.map(licence).join('\n\n') });
  },
};

export default defineConfig({
  plugins: [svelte(), licences],
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
