import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { compress } from './scripts/compress.ts';

const server = process.env.VITRINE_SERVER ?? 'http://127.0.0.1:7878';

export default defineConfig({
  plugins: [svelte(), compress()],
  build: {
    target: 'es2022',
    // These know light-dark(), which resolves where it is used: the viewer is dark in both themes.
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    assetsDir: 'assets',
    // The server's policy allows no inline script or style, and every file is to have its own immutable address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      '/api': server,
      '/openapi': server,
      '/sse': server,
      '/ws': { target: server, ws: true },
    },
  },
  test: {
    include: ['src/**/*.test.ts'],
    environment: 'node',
    // They end a test that hangs; none is about how long anything takes.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
