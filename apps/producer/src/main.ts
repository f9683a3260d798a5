import 'reflect-metadata';
import { createApp, runApp } from '@engine/observability';
import { describeProgress, FeedService } from './feed.service.js';
import { openFeed } from './feeds/open-feed.js';
import { readProducerSettings } from './producer.config.js';
import { ProducerModule } from './producer.module.js';

/** Stops this process as an operator would, once everything is in the log. */
async function stopAtEnd(feed: FeedService): Promise<void> {
  if (!(await feed.ended)) return;
  process.stdout.write(`${describeProgress(feed.status())}\n`);
  process.emit('SIGTERM', 'SIGTERM');
}

await runApp(async () => {
  const settings = readProducerSettings(process.env);
  const feed = await openFeed(settings.feed);
  const app = await createApp(ProducerModule.with(settings, feed), settings, 'producer');
  const sending = app.get(FeedService);
  return { app, http: settings.http, ended: settings.exitsAtEnd ? stopAtEnd(sending) : sending.ended };
});
