import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { describeIfPossible } from './describe-if-possible.js';
import { repositoryRoot } from './repository.js';

/** A Python with the packages of apps/e2e/python/requirements.txt. */
const python = process.env['LAKE_READERS_PYTHON'] || undefined;

/** A suite that needs it: skipped with a line that says why where there is none, and red on CI. */
export function describeWithLakeReaders(name: string, suite: () => void): void {
  const missing = `LAKE_READERS_PYTHON is not set (scripts/lake-readers DIR): "${name}" needs deltalake and polars`;
  describeIfPossible(name, python === undefined ? missing : undefined, suite);
}

/** A Python program that runs until its input ends. */
export class PythonProcess {
  readonly #ended: Promise<string>;

  private constructor(private readonly child: ChildProcess) {
    let [stdout, stderr] = ['', ''];
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    this.#ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => {
        if (code === 0) resolve(stdout);
        else reject(new Error(`Python ended with ${code ?? 'a signal'}: ${stderr.slice(-4_000)}`));
      });
    });
    // Until it is asked for.
    this.#ended.catch(() => undefined);
  }

  static start(args: readonly string[], cwd = repositoryRoot): PythonProcess {
    return new PythonProcess(spawn(python ?? '', [...args], { cwd, stdio: ['pipe', 'pipe', 'pipe'] }));
  }

  /** What it has printed; rejects with its words where it failed. */
  end(): Promise<string> {
    this.child.stdin?.end();
    return this.#ended;
  }
}
