import { EventEmitter } from 'node:events';
import type { Request, Response } from 'express';
import { HttpException } from '@nestjs/common';
import { inTurn } from './answer-turns.js';

const LIMITS = { running: 2, waiting: 2, longestMs: 3_600_000 };

/** Requests by number, and what became of them. */
function asker(limits = LIMITS): { ask: (name: number) => EventEmitter; begun: number[]; refused: number[] } {
  const handle = inTurn(limits);
  const [begun, refused]: [number[], number[]] = [[], []];
  const ask = (name: number): EventEmitter => {
    const response = new EventEmitter();
    void handle({} as Request, response as Response, (error?: unknown) => {
      if (error === undefined) begun.push(name);
      else if (error instanceof HttpException && error.getStatus() === 503) refused.push(name);
    });
    return response;
  };
  return { ask, begun, refused };
}

describe('answers in turn', () => {
  it('are made a few at a time, in the order they were asked for, and refused where too many wait', () => {
    const { ask, begun, refused } = asker();
    const [first, second] = [1, 2, 3, 4, 5].map(ask);
    expect([begun, refused]).toEqual([[1, 2], [5]]);
    second?.emit('close');
    first?.emit('close');
    expect(begun).toEqual([1, 2, 3, 4]);
    ask(6);
    expect([begun, refused]).toEqual([[1, 2, 3, 4], [5]]);
  });

  it('are not made for who has gone while waiting, and leave their places to others', () => {
    const { ask, begun } = asker();
    const [first, second, third] = [1, 2, 3, 4].map(ask);
    third?.emit('close');
    first?.emit('close');
    expect(begun).toEqual([1, 2, 4]);
    for (const response of [second, first]) response?.emit('close');
    ask(5);
    ask(6);
    expect(begun).toEqual([1, 2, 4, 5]);
  });

  it('that are taken slowly keep the others waiting for a while only, and give up their place once', async () => {
    const { ask, begun } = asker({ ...LIMITS, running: 1, longestMs: 1 });
    const [slow, second] = [1, 2].map(ask);
    while (begun.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
    for (const response of [slow, second]) response?.emit('close');
    ask(3);
    ask(4);
    expect(begun).toEqual([1, 2, 3]);
  });
});
