import type { ApiProblem, ParameterProblem } from '@engine/contracts/api';
import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { count, listOf, object, page, text } from './schema.js';
import type { SchemaObject } from './schema.js';

const parameterProblem = object<ParameterProblem>({ parameter: text, detail: text });

export const problemSchema: SchemaObject = {
  ...object<ApiProblem>({
    type: text,
    title: text,
    status: count,
    detail: text,
    parameters: listOf(parameterProblem),
  }),
  required: ['type', 'title', 'status'],
};

const REFUSALS = [
  [400, 'A parameter is unknown or malformed: it is named'],
  [401, 'A token is set, and was not shown'],
  [421, 'The Host is not one of ours'],
  [429, 'Too many requests from this address'],
  [503, 'The lake is busy, or the answer takes too long'],
] as const;

/** How an endpoint answers when it does not: the same everywhere. */
export const Refuses = (): MethodDecorator =>
  applyDecorators(
    ...REFUSALS.map(([status, description]) =>
      ApiResponse({
        status,
        description,
        content: { 'application/problem+json': { schema: problemSchema } },
      }),
    ),
  );

/** Describes an endpoint: what it is for, and the JSON it answers with. */
export const Answers = (summary: string, schema: SchemaObject): MethodDecorator =>
  applyDecorators(ApiOperation({ summary }), ApiOkResponse({ description: summary, schema }), Refuses());

export const AnswersList = (summary: string, item: SchemaObject): MethodDecorator =>
  Answers(summary, page(item));
