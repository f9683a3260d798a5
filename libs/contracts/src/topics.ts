/** The topics at which the apps meet, by role. */
export interface TopicNames {
  readonly stockTicks: string;
  readonly bronzeTicks: string;
  readonly silverTicks: string;
  readonly goldUpdates: string;
  readonly deadLetters: string;
}

/** The consumer groups, by layer. */
export interface GroupNames {
  readonly bronze: string;
  readonly silver: string;
  readonly gold: string;
}

/** `prefix` (`TOPIC_PREFIX`) keeps several pipelines apart on one broker. */
export const topicNames = (prefix = ''): TopicNames => ({
  stockTicks: `${prefix}stock-ticks`,
  bronzeTicks: `${prefix}bronze-ticks`,
  silverTicks: `${prefix}silver-ticks`,
  goldUpdates: `${prefix}gold-updates`,
  deadLetters: `${prefix}dead-letters`,
});

export const groupNames = (prefix = ''): GroupNames => ({
  bronze: `${prefix}engine-bronze`,
  silver: `${prefix}engine-silver`,
  gold: `${prefix}engine-gold`,
});
