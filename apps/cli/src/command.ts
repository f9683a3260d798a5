/** One command of `engine`. `run` resolves to the exit code. */
export interface Command {
  readonly name: string;
  /** How it is called, e.g. `files LAYER/TABLE`. */
  readonly synopsis: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** A line per option, for `--help`. */
  readonly options: readonly string[];
  run(args: readonly string[]): Promise<number>;
}
