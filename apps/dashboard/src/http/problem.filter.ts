import type { IncomingMessage, ServerResponse } from 'node:http';
import { Catch, Logger } from '@nestjs/common';
import type { ArgumentsHost } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { problemOf } from './problem.js';
import type { ApiProblem } from '@engine/contracts/api';

/** Errors as problem details, but for health, which has answers of its own. */
@Catch()
export class ProblemFilter extends BaseExceptionFilter {
  readonly #logger = new Logger('Api');

  override catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    if (isHealth(http.getRequest<IncomingMessage>())) {
      super.catch(error, host);
      return;
    }
    const problem = problemOf(error);
    if (problem.status === 500) this.#logger.error(error);
    send(http.getResponse<ServerResponse>(), problem);
  }
}

const isHealth = ({ url = '' }: IncomingMessage): boolean => /^\/(health|metrics)(\/|\?|$)/.test(url);

function send(response: ServerResponse, problem: ApiProblem): void {
  if (response.headersSent) return;
  if (problem.status === 503) response.setHeader('Retry-After', '2');
  response.writeHead(problem.status, {
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Cache-Control': 'no-store',
  });
  response.end(JSON.stringify(problem));
}
