import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

/** Where `npm run dev` finds the API: a running engine's dashboard. */
const dashboard = process.env['DASHBOARD_URL'] ?? 'http://127.0.0.1:3000';

export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ['@engine/source', ...defaultClientConditions] },
  build: {
    target: 'es2023',
    // A strict Content-Security-Policy allows neither inline scripts nor data URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { host: '127.0.0.1', proxy: { '/api': dashboard, '/login': dashboard } },
});
