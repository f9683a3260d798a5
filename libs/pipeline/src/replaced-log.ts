import type { Chain } from '@engine/lake/ports';
import type { Log } from '@engine/stream/ports';

/** The lake was made from another log than the one that is here now. */
export class LogReplacedError extends Error {
  readonly retriable = false;
  readonly exitCode = 78;
  override readonly name = 'LogReplacedError';
}

/** How a segment's footer names its input: the topic and its id, which changes when the topic is made anew. */
export async function inputIdentity(log: Pick<Log, 'describeTopic'>, topic: string): Promise<string> {
  const description = await log.describeTopic(topic);
  if (description === undefined) throw new Error(`The topic ${topic} does not exist`);
  return `${topic}@${description.id}`;
}

/** Throws `LogReplacedError` when a chain was made from another topic, or from more records than `topic` holds. */
export function checkSameLog(
  chains: readonly Pick<Chain, 'table' | 'lane' | 'end' | 'lastFooter'>[],
  topic: string,
  inputEnd: number,
): void {
  const remedy =
    'Bring the old log back, or run `engine lake archive` to move the lake aside and begin a new one.';
  for (const { table, lane, end, lastFooter } of chains) {
    const where = `${table.name}/lane=${lane}`;
    if (lastFooter !== undefined && lastFooter.topic !== topic)
      throw new LogReplacedError(
        `${where} was made from ${lastFooter.topic}, the log now has ${topic}. ${remedy}`,
      );
    if (end > inputEnd)
      throw new LogReplacedError(`${where} reaches offset ${end}, ${topic} ends at ${inputEnd}. ${remedy}`);
  }
}
