import { plainToInstance } from 'class-transformer';
import type { ClassConstructor } from 'class-transformer';
import { validateSync } from 'class-validator';
import { InvalidEnvironmentError } from './environment-error.js';
import type { EnvironmentProblem } from './environment-error.js';
import { isSecret } from './variable.js';

/** Variables by name, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads several shapes from one environment and collects what is wrong in all of them. */
export class EnvironmentReader {
  readonly #env: Environment;
  readonly #problems = new Map<string, EnvironmentProblem>();

  constructor(env: Environment) {
    this.#env = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  }

  /** The variables that `Shape` declares. Not to be used before `assertValid` has passed. */
  read<T extends object>(Shape: ClassConstructor<T>): Readonly<T> {
    const values = plainToInstance(Shape, this.#env, {
      excludeExtraneousValues: true,
      exposeDefaultValues: true,
    });
    for (const error of validateSync(values, { stopAtFirstError: true })) {
      const variable = error.property;
      const given = this.#env[variable] ?? null;
      const value = given !== null && isSecret(values, variable) ? '(hidden)' : given;
      for (const remedy of Object.values(error.constraints ?? {}))
        this.#problems.set(`${variable}: ${remedy}`, { variable, value, remedy });
    }
    return Object.freeze(values);
  }

  /** Throws `InvalidEnvironmentError` with every problem there was. */
  assertValid(): void {
    if (this.#problems.size > 0) throw new InvalidEnvironmentError([...this.#problems.values()]);
  }
}

/** Reads the variables that `Shape` declares, or fails with every reason at once. An empty variable counts as unset. */
export function readEnv<T extends object>(Shape: ClassConstructor<T>, env: Environment): Readonly<T> {
  const reader = new EnvironmentReader(env);
  const values = reader.read(Shape);
  reader.assertValid();
  return values;
}
