import { LakeFiles } from './lake-files.js';
import type { FileFacts } from './lake-files.js';
import { NodeLakeFiles } from './node-lake-files.js';

/** Lets one call fail: before it did anything, or after it did all (its answer was lost). Or all calls of a name, for a while. */
export class FailingFiles extends LakeFiles {
  readonly #files = new NodeLakeFiles();
  readonly calls: string[] = [];
  #failAt = Infinity;
  #when: 'before' | 'after' = 'before';
  #refused: string | undefined;
  #code = 'EIO';

  /** From now on every call of this name fails before it did anything, as the system would have it fail; undefined: none. */
  refuse(name: string | undefined, code = 'EIO'): void {
    this.#refused = name;
    this.#code = code;
  }

  failAt(call: number, when: 'before' | 'after'): void {
    this.calls.length = 0;
    this.#failAt = call;
    this.#when = when;
  }

  list(folder: string): Promise<readonly string[]> {
    return this.#call('list', () => this.#files.list(folder));
  }
  makeFolder(folder: string): Promise<void> {
    return this.#call('makeFolder', () => this.#files.makeFolder(folder));
  }
  touch(path: string): Promise<void> {
    return this.#call('touch', () => this.#files.touch(path));
  }
  readText(path: string): Promise<string | undefined> {
    return this.#call('readText', () => this.#files.readText(path));
  }
  readBytes(path: string): Promise<Uint8Array | undefined> {
    return this.#call('readBytes', () => this.#files.readBytes(path));
  }
  writeBytes(path: string, bytes: Uint8Array): Promise<void> {
    return this.#call('writeBytes', () => this.#files.writeBytes(path, bytes));
  }
  syncFile(path: string): Promise<void> {
    return this.#call('syncFile', () => this.#files.syncFile(path));
  }
  syncFolder(folder: string): Promise<void> {
    return this.#call('syncFolder', () => this.#files.syncFolder(folder));
  }
  link(existing: string, name: string): Promise<void> {
    return this.#call('link', () => this.#files.link(existing, name));
  }
  replace(existing: string, name: string): Promise<void> {
    return this.#call('replace', () => this.#files.replace(existing, name));
  }
  facts(path: string): Promise<FileFacts> {
    return this.#call('facts', () => this.#files.facts(path));
  }
  unlink(path: string): Promise<void> {
    return this.#call('unlink', () => this.#files.unlink(path));
  }

  async #call<T>(name: string, call: () => Promise<T>): Promise<T> {
    if (name === this.#refused)
      throw Object.assign(new Error(`${this.#code}: refused`), { code: this.#code, syscall: name });
    const fails = this.calls.push(name) - 1 === this.#failAt;
    if (fails && this.#when === 'before') throw new Error(`${name} failed`);
    const result = await call();
    if (fails) throw new Error(`the answer of ${name} was lost`);
    return result;
  }
}
