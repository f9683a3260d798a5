import 'reflect-metadata';

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readLayerConfig } from '@engine/config';
import { ask, layerEnvironment, startLayerApp } from '@engine/layer-app/testing';

import { goldDefinition } from './gold.definition.js';

it('is wired: it has its lanes of silver-ticks, and says so', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'engine-gold-'));
  const app = await startLayerApp(goldDefinition(readLayerConfig(layerEnvironment(folder), 'gold')));
  try {
    expect(await ask(app, '/health/live')).toMatchObject({ status: 200 });
    expect(await ask(app, '/health/ready')).toMatchObject({ status: 200 });
    expect(await ask(app, '/control/lanes')).toMatchObject({ status: 404 });
    const lanes = await ask(app, '/control/lanes', true);
    expect(JSON.parse(lanes.text)).toHaveLength(4);
    const metrics = await ask(app, '/metrics');
    expect(metrics.text).toContain('engine_position_offset{layer="gold",lane="3"} 0');
  } finally {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
