import { STATUS_CODES } from 'node:http';
import { BadRequestException, HttpException } from '@nestjs/common';
import type { ValidationError } from '@nestjs/common';

export interface ParameterProblem {
  readonly parameter: string;
  readonly detail: string;
}

/** RFC 9457 problem details. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  /** Of a 400: what is wrong with which parameter. */
  readonly parameters?: readonly ParameterProblem[];
}

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
export function problemOf(error: unknown): Problem {
  const status = error instanceof HttpException ? error.getStatus() : 500;
  const title = STATUS_CODES[status] ?? 'Error';
  const foreseen = error instanceof HttpException ? { detail: error.message } : {};
  const parameters = error instanceof InvalidParametersException ? { parameters: error.parameters } : {};
  return { type: 'about:blank', title, status, ...foreseen, ...parameters };
}
