import type { OpenAPIObject } from '@nestjs/swagger';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;
/** A schema of OpenAPI 3.0, written out. */
export type SchemaObject = Exclude<Schemas[string], { readonly $ref: string }>;

export const text: SchemaObject = { type: 'string' };
export const time: SchemaObject = {
  type: 'string',
  format: 'date-time',
  description: 'ISO-8601 in UTC, six digits of a second',
};
export const figure: SchemaObject = { type: 'number' };
export const count: SchemaObject = { type: 'integer' };
export const flag: SchemaObject = { type: 'boolean' };
export const oneOf = (...names: readonly string[]): SchemaObject => ({ type: 'string', enum: [...names] });
export const listOf = (items: SchemaObject): SchemaObject => ({ type: 'array', items });
export const countsByName: SchemaObject = { type: 'object', additionalProperties: count };

/** OpenAPI 3.0's way to say "or null". */
export const orNull = (schema: SchemaObject): SchemaObject =>
  'enum' in schema
    ? { ...schema, nullable: true, enum: [...((schema.enum ?? []) as readonly unknown[]), null] }
    : { ...schema, nullable: true };

/** An object with exactly these properties, the same as the type has; all of them are always there. */
export const object = <T extends object>(
  properties: Readonly<Record<keyof T & string, SchemaObject>>,
): SchemaObject => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

/** A page of a list, with what it has beside its items. */
export const page = (item: SchemaObject, beside: Readonly<Record<string, SchemaObject>> = {}): SchemaObject =>
  object({ items: listOf(item), next: orNull(text), ...beside });
