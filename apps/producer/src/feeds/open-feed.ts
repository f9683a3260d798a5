import type { FeedConfig } from '@engine/config';
import type { Feed } from './feed.js';
import { FileFeed } from './file-feed.js';
import { SyntheticFeed } from './synthetic-feed.js';

/** The feed that is configured, null for none. Throws `InvalidFeedError` where its files are not what they should be. */
export async function openFeed(config: FeedConfig): Promise<Feed | null> {
  if (config.kind === 'none') return null;
  return config.kind === 'file' ? FileFeed.open(config) : new SyntheticFeed(config);
}
