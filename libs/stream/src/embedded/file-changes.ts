import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import type { ChangeSignal } from '../consumer/change-signal.js';

/** Events can be lost (a full queue, an odd file system): look without one now and then. */
const defaultSafetyMs = 5_000;
/** Where the file cannot be watched at all. */
const pollMs = 20;
/**
 * LMDB makes a commit visible a moment after its last write to the file. Who looks at the event may be too early by as
 * long as the writer happens to be off its processor, so it looks again, a few times, ever later.
 */
const echoesMs = [1, 5, 25, 125, 625];

/** Raises a signal whenever a file is written to, by whatever process. */
export class FileChanges {
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout;
  #echo: NodeJS.Timeout | undefined;
  #echoes = 0;

  constructor(
    file: string,
    private readonly signal: ChangeSignal,
    safetyMs = defaultSafetyMs,
  ) {
    this.#timer = this.#every(safetyMs);
    try {
      this.#watcher = watch(file, () => {
        this.#changed();
      });
      this.#watcher.on('error', () => {
        this.#poll();
      });
    } catch {
      this.#poll();
    }
    // What happened before the watch was armed.
    this.#changed();
  }

  close(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#echo);
    this.#watcher?.close();
  }

  #changed(): void {
    this.signal.raise();
    if (this.#echo && this.#echoes === 0) return;
    clearTimeout(this.#echo);
    this.#echoes = 0;
    this.#armEcho();
  }

  #armEcho(): void {
    const delay = echoesMs[this.#echoes];
    this.#echo = undefined;
    if (delay === undefined) return;
    this.#echo = setTimeout(() => {
      this.#echoes++;
      this.#armEcho();
      this.signal.raise();
    }, delay).unref();
  }

  #poll(): void {
    this.#watcher?.close();
    clearInterval(this.#timer);
    this.#timer = this.#every(pollMs);
  }

  #every(ms: number): NodeJS.Timeout {
    return setInterval(() => {
      this.signal.raise();
    }, ms).unref();
  }
}
