import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { GenerationFacts } from './generation-facts.js';
import { FACTS_FILE, factsText } from './generation-facts.js';
import type { LakeFiles } from './lake-files.js';
import { GENERATIONS_FILE, LakeFolders } from './lake-folders.js';
import type { Generations } from './lake-folders.js';
import { namingIoErrors } from './lake-io.error.js';
import { NodeLakeFiles } from './node-lake-files.js';

/**
 * The generations of a lake's layers: `<layer>`, `<layer>.g2`, `<layer>.g3`, ... One of each layer is in use; which, stands in
 * `_generations.json`, and nobody sees any other. Whoever begins, switches or removes some must be alone: nobody else may
 * write to the layer.
 */
export class LakeGenerations {
  private constructor(
    private readonly root: string,
    private readonly files: LakeFiles,
  ) {}

  static of(folder: string, files: LakeFiles = new NodeLakeFiles()): LakeGenerations {
    return new LakeGenerations(resolve(folder), files);
  }

  /** The folder of a layer that is in use. */
  async inUse(layer: string): Promise<string> {
    return (await LakeFolders.read(this.root, this.files)).generation(layer);
  }

  /**
   * A generation that was begun with the same facts and is not finished, else a new one, empty; whatever else was begun is
   * removed. Returns its folder.
   */
  begin(layer: string, facts: GenerationFacts): Promise<string> {
    return namingIoErrors(this.root, async () => {
      const inUse = await this.inUse(layer);
      const begun = (await this.#foldersOf(layer)).filter((name) => numberOf(name) > numberOf(inUse));
      for (const name of begun) if (await this.#hasFacts(name, facts)) return name;
      for (const name of begun) await this.#remove(name);
      const numbers = [inUse, ...(await this.#foldersOf(layer))].map(numberOf);
      const name = `${layer}.g${Math.max(...numbers) + 1}`;
      await this.files.makeFolder(join(this.root, name));
      await this.#replace(join(this.root, name), FACTS_FILE, factsText(facts));
      return name;
    });
  }

  /** From now on readers use these generations, all of them at one moment; what was in use stays where it is. */
  use(generations: Generations): Promise<void> {
    return namingIoErrors(this.root, async () => {
      const folders = await LakeFolders.read(this.root, this.files);
      const text = `${JSON.stringify({ ...folders.generations, ...generations })}\n`;
      await this.#replace(this.root, GENERATIONS_FILE, text);
    });
  }

  /** Removes every generation of these layers that is not in use, finished or not, and returns their folders. */
  prune(layers: readonly string[]): Promise<readonly string[]> {
    return namingIoErrors(this.root, async () => {
      const removed: string[] = [];
      for (const layer of layers) {
        const inUse = await this.inUse(layer);
        for (const name of await this.#foldersOf(layer))
          if (name !== inUse) removed.push(await this.#remove(name));
      }
      return removed;
    });
  }

  /** Also those of which only the snapshots are left. */
  async #foldersOf(layer: string): Promise<readonly string[]> {
    const names = [
      ...(await this.files.list(this.root)),
      ...(await this.files.list(join(this.root, '_state'))),
    ];
    return [...new Set(names)].filter((name) => layerOf(name) === layer).sort();
  }

  async #hasFacts(name: string, facts: GenerationFacts): Promise<boolean> {
    return (await this.files.readText(join(this.root, name, FACTS_FILE))) === factsText(facts);
  }

  /** The snapshots first: none may be left of rows that are gone. */
  async #remove(name: string): Promise<string> {
    const folder = join(this.root, name);
    for (const path of [join(this.root, '_state', name), folder])
      await rm(path, { recursive: true, force: true });
    await this.files.syncFolder(this.root);
    return folder;
  }

  /** The file is there whole, before and after a loss of power as well. */
  async #replace(folder: string, name: string, text: string): Promise<void> {
    const temporary = join(folder, `${name}.${randomUUID()}`);
    await this.files.writeBytes(temporary, Buffer.from(text));
    await this.files.syncFile(temporary);
    await this.files.replace(temporary, join(folder, name));
    await this.files.syncFolder(folder);
  }
}

const GENERATION = /^([a-z]+)(?:\.g([1-9]\d*))?$/;

const layerOf = (name: string): string | undefined => GENERATION.exec(name)?.[1];

const numberOf = (name: string): number => Number(GENERATION.exec(name)?.[2] ?? 1);
