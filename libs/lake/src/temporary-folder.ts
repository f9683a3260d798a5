import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { LakeFiles } from './lake-files.js';

const STALE_MS = 3_600_000;

/** Where a lane's files are written before they get their names. What is left over there harms nobody. */
export class TemporaryFolder {
  readonly #folder: string;

  constructor(
    private readonly files: LakeFiles,
    laneFolder: string,
  ) {
    this.#folder = join(laneFolder, '_tmp');
  }

  /** Makes the folder and removes what a killed process left there more than an hour ago. */
  async prepare(): Promise<void> {
    await this.files.makeFolder(this.#folder);
    const staleBefore = Date.now() - STALE_MS;
    for (const name of await this.files.list(this.#folder)) {
      const path = join(this.#folder, name);
      const isStale = await this.files.facts(path).then(
        ({ modifiedMs }) => modifiedMs < staleBefore,
        () => false,
      );
      if (isStale) await this.discard(path);
    }
  }

  newPath(): string {
    return join(this.#folder, randomUUID());
  }

  async discard(path: string): Promise<void> {
    await this.files.unlink(path).catch(() => undefined);
  }
}
