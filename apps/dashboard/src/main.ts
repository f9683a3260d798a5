import 'reflect-metadata';
import { readDashboardConfig } from '@engine/config';
import { createApp, runApp } from '@engine/observability';
import { DashboardModule } from './dashboard.module.js';
import { GoldFollower } from './live/gold-follower.js';

await runApp(async () => {
  const config = readDashboardConfig(process.env);
  const app = await createApp(DashboardModule.with(config), config, 'dashboard');
  return { app, http: config.http, ended: app.get(GoldFollower).ended };
});
