import { join } from 'node:path';
import type { LakeFiles } from './lake-files.js';

/** Layer name to the folder that holds it, for layers whose folder is not simply their name. */
export type Generations = Readonly<Record<string, string>>;

export const GENERATIONS_FILE = '_generations.json';

/** Where the tables of a lake lie. */
export class LakeFolders {
  constructor(
    readonly root: string,
    readonly generations: Generations = {},
  ) {}

  /** Follows `_generations.json`, which a backfill replaces when a layer has been computed anew. */
  static async read(root: string, files: LakeFiles): Promise<LakeFolders> {
    const text = await files.readText(join(root, GENERATIONS_FILE));
    return new LakeFolders(root, text === undefined ? {} : parseGenerations(text));
  }

  /** As chosen, else as `read` finds them: a backfill writes to folders that nobody else looks at yet. */
  static async chosen(
    root: string,
    generations: Generations | undefined,
    files: LakeFiles,
  ): Promise<LakeFolders> {
    return generations === undefined ? LakeFolders.read(root, files) : new LakeFolders(root, generations);
  }

  /** The name of the folder that holds a layer. */
  generation(layer: string): string {
    return this.generations[layer] ?? layer;
  }

  layer(layer: string): string {
    return join(this.root, this.generation(layer));
  }

  /** `table` is `<layer>/<table>`. */
  table(table: string): string {
    const [layer = '', name = ''] = table.split('/');
    return join(this.layer(layer), name);
  }

  /** Where the state of a layer in one lane is kept: a layer that was computed anew has a state of its own. */
  state(layer: string, lane: number): string {
    return join(this.layerState(layer), laneName(lane));
  }

  layerState(layer: string): string {
    return join(this.root, '_state', this.generation(layer));
  }

  lane(table: string, lane: number): string {
    return join(this.table(table), laneName(lane));
  }
}

export const laneName = (lane: number): string => `lane=${lane}`;

/** undefined: not the name of a lane's folder. */
export function parseLaneName(name: string): number | undefined {
  const digits = /^lane=(\d+)$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function parseGenerations(text: string): Generations {
  const parsed: unknown = JSON.parse(text);
  const isMap = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  if (!isMap || !Object.values(parsed).every((folder) => typeof folder === 'string'))
    throw new Error(`_generations.json must map layers to folders: ${text}`);
  return parsed as Generations;
}
