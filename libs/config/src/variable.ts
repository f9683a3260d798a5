import 'reflect-metadata';
import { Expose, Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';

const SECRETS = Symbol('secret variables');

/** What a variable holds that could not be read: kept apart from every value, equal to none, smaller and greater than none. */
const UNREADABLE: object = Object.freeze({});

const all =
  (...decorators: readonly PropertyDecorator[]): PropertyDecorator =>
  (target, property) => {
    for (const decorate of decorators) decorate(target, property);
  };

/**
 * Declares a variable: `parse` turns its text into the value, or into undefined where it cannot be read. The remedy ends
 * the sentence `LANES=many: ...`. A default is the property's initial value.
 */
export const Variable = (remedy: string, parse: (text: string) => unknown): PropertyDecorator =>
  all(
    Expose(),
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? (parse(value) ?? UNREADABLE) : value,
    ),
    ValidateBy({
      name: 'readable',
      validator: {
        validate: (value: unknown) => value !== UNREADABLE,
        defaultMessage: () => remedy,
      },
    }),
  );

/**
 * Refuses the variable where `when` holds of all variables of its class. Write it as a comparison that is true for the
 * bad case: it is false by itself when another variable in it could not be read, which is reported on its own.
 */
export const RefuseWhen = (when: (env: never) => boolean, remedy: string): PropertyDecorator =>
  ValidateBy({
    name: remedy,
    validator: {
      validate: (value: unknown, args?: { object: object }) =>
        value === UNREADABLE || args === undefined || !when(args.object as never),
      defaultMessage: () => remedy,
    },
  });

/** Keeps the variable's value out of every message. */
export const Secret = (): PropertyDecorator => (target, property) => {
  Reflect.defineMetadata(SECRETS, true, target, property);
};

export const isSecret = (env: object, variable: string): boolean =>
  Reflect.getMetadata(SECRETS, env, variable) === true;
