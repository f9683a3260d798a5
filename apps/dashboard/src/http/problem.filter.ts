import type { IncomingMessage, ServerResponse } from 'node:http';
import { Catch, HttpException, Logger } from '@nestjs/common';
import type { ArgumentsHost } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { problemOf } from './problem.js';
import type { Problem } from './problem.js';

/** Errors of the API as problem details; what is not the API's (health has answers of its own) stays as it is. */
@Catch()
export class ProblemFilter extends BaseExceptionFilter {
  readonly #logger = new Logger('Api');

  override catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    if (!isOfTheApi(http.getRequest<IncomingMessage>())) {
      super.catch(error, host);
      return;
    }
    if (!(error instanceof HttpException)) this.#logger.error(error);
    send(http.getResponse<ServerResponse>(), problemOf(error));
  }
}

const isOfTheApi = ({ url = '' }: IncomingMessage): boolean => /^\/api(\/|\?|$)/.test(url);

function send(response: ServerResponse, problem: Problem): void {
  if (response.headersSent) return;
  response.writeHead(problem.status, { 'Content-Type': 'application/problem+json; charset=utf-8' });
  response.end(JSON.stringify(problem));
}
