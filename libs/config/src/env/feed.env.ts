import { Integer, List, OneOf, Path, Text } from '../variable-kinds.js';
import { RefuseWhen, Variable } from '../variable.js';

const MAX_RATE = 10_000_000;

const parsePositive =
  (max: number) =>
  (text: string): number | undefined => {
    const value = /^\d{1,12}(\.\d{1,9})?$/.test(text) ? Number(text) : NaN;
    return value > 0 && value <= max ? value : undefined;
  };

const parseSpeed = (text: string): number | 'max' | undefined =>
  text === 'max' ? 'max' : parsePositive(1e9)(text);

/** Where the producer takes its ticks from. */
export class FeedEnv {
  @OneOf('synthetic', 'file', 'none')
  FEED: 'synthetic' | 'file' | 'none' = 'synthetic';

  @List(/^[A-Za-z0-9^][A-Za-z0-9.\-_:/^=]{0,31}$/, 'give symbols like AAPL,MSFT, none twice')
  FEED_SYMBOLS: readonly string[] = ['AAPL', 'GOOGL', 'MSFT', 'TSLA', 'AMZN', 'NVDA'];

  @Variable(`give ticks per second, above 0 and at most ${MAX_RATE}`, parsePositive(MAX_RATE))
  FEED_RATE = 50;

  @Integer(0, Number.MAX_SAFE_INTEGER)
  FEED_SEED = 1;

  @Path()
  @RefuseWhen(
    (env: FeedEnv) => env.FEED === 'file' && env.FEED_FILE === undefined,
    'FEED=file needs a file or folder',
  )
  FEED_FILE?: string;

  @Text(/^[a-z0-9][a-z0-9-]{0,63}$/, 'give auto or the name of a format')
  FEED_FORMAT = 'auto';

  @Variable('give a factor above 0, or max', parseSpeed)
  FEED_SPEED: number | 'max' = 1;
}
