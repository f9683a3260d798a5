import { mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Signs of life: an empty file per member, whose modification time is when it was last seen alive. Setting it is one
 * system call, with nothing to flush and no lock that a stopped process could keep.
 *
 * The times are ms of the machine's own clock, which all its processes share and nobody sets.
 */
export class Pulses {
  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  begin(id: string): number {
    writeFileSync(this.#file(id), '');
    return this.beat(id);
  }

  /** Returns the time of it. Throws where there is no such file (any more). */
  beat(id: string): number {
    const now = machineMs();
    utimesSync(this.#file(id), now / 1_000, now / 1_000);
    return now;
  }

  end(id: string): void {
    rmSync(this.#file(id), { force: true });
  }

  /** Infinite where there never was one; negative where it is of a time before the machine was started. */
  ageMs(id: string): number {
    const beat = statSync(this.#file(id), { throwIfNoEntry: false });
    return beat ? machineMs() - beat.mtimeMs : Infinity;
  }

  #file(id: string): string {
    return join(this.folder, id);
  }
}

/** Since the machine was started, without the time it slept. */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1_000_000;
}
