import { STATUS_CODES } from 'node:http';
import type { ApiProblem, ParameterProblem } from '@engine/contracts/api';
import { QueryTimeoutError, TooManyQueriesError } from '@engine/lake';
import { BadRequestException, HttpException, ServiceUnavailableException } from '@nestjs/common';
import type { ValidationError } from '@nestjs/common';

/** Parameters that are unknown or cannot be read. */
export class InvalidParametersException extends BadRequestException {
  constructor(readonly parameters: readonly ParameterProblem[]) {
    super(parameters.map(({ parameter, detail }) => `${parameter}: ${detail}`).join('; '));
  }

  static of(errors: readonly ValidationError[]): InvalidParametersException {
    return new InvalidParametersException(errors.map(parameterProblem));
  }
}

function parameterProblem({ property, constraints = {} }: ValidationError): ParameterProblem {
  const isUnknown = 'whitelistValidation' in constraints;
  const detail = isUnknown ? 'there is no such parameter' : Object.values(constraints).join(', ');
  return { parameter: property, detail };
}

/** What the outside is told of an error; of one nobody foresaw nothing but that it happened. */
export function problemOf(error: unknown): ApiProblem {
  const foreseen = httpExceptionOf(error);
  const status = foreseen?.getStatus() ?? 500;
  const title = STATUS_CODES[status] ?? 'Error';
  const detail = foreseen === undefined ? {} : { detail: foreseen.message };
  const parameters = error instanceof InvalidParametersException ? { parameters: error.parameters } : {};
  return { type: 'about:blank', title, status, ...detail, ...parameters };
}

function httpExceptionOf(error: unknown): HttpException | undefined {
  if (error instanceof HttpException) return error;
  if (error instanceof QueryTimeoutError || error instanceof TooManyQueriesError)
    return new ServiceUnavailableException(error.message);
  return isRequestError(error) ? new HttpException(error.message, error.status) : undefined;
}

/** What Express and its body parser find wrong with a request: too large, not JSON, of an unknown charset. */
const isRequestError = (error: unknown): error is Error & { readonly status: number } =>
  error instanceof Error &&
  'status' in error &&
  typeof error.status === 'number' &&
  error.status >= 400 &&
  error.status < 500;
