import 'reflect-metadata';
import { readDashboardConfig } from '@engine/config';
import { createApp, runApp } from '@engine/observability';
import { DashboardModule } from './dashboard.module.js';
import { GoldFollower } from './live/gold-follower.js';
import { ApiDescription } from './openapi/api-description.js';
import { TickFollower } from './ticks/tick-follower.js';

await runApp(async () => {
  const config = readDashboardConfig(process.env);
  const app = await createApp(DashboardModule.with(config), config, 'dashboard');
  app.get(ApiDescription).describe(app);
  const ended = Promise.race([app.get(GoldFollower).ended, app.get(TickFollower).ended]);
  return { app, http: config.http, ended };
});
