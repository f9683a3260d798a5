import type { RequestHandler } from 'express';
import { ServiceUnavailableException } from '@nestjs/common';

export interface TurnLimits {
  /** Answers that are made, or on their way to their client, at once. */
  readonly running: number;
  /** Requests that wait for their turn; one more is refused. */
  readonly waiting: number;
  /** A client that takes its answer slowly keeps the others waiting for no longer. */
  readonly longestMs: number;
}

export const USUAL_TURNS: TurnLimits = { running: 4, waiting: 300, longestMs: 10_000 };

/**
 * Answers in turn. One with 5,000 rows takes some ten MB until its client has it: however many ask at once, so much is
 * needed for a few. Who finds too many waiting is told to come again, with 503 and `Retry-After`.
 */
export function inTurn({ running, waiting, longestMs }: TurnLimits): RequestHandler {
  const queue = new Set<() => void>();
  let free = running;

  const giveBack = (): void => {
    const [next] = queue;
    if (next === undefined) free++;
    else {
      queue.delete(next);
      next();
    }
  };

  return (_request, response, next) => {
    const begin = (): void => {
      const end = (): void => {
        clearTimeout(timer);
        response.off('close', end);
        giveBack();
      };
      const timer = setTimeout(end, longestMs).unref();
      response.once('close', end);
      next();
    };
    if (free > 0) {
      free--;
      begin();
    } else if (queue.size < waiting) {
      queue.add(begin);
      response.once('close', () => queue.delete(begin));
    } else {
      next(new ServiceUnavailableException(`${waiting} requests wait for their answers already`));
    }
  };
}
