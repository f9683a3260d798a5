import { basename, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { TableSchema } from '@engine/medallion';
import { walkFolder } from '../chain-walk.js';
import type { Footers, WalkedSegment } from '../chain-walk.js';
import { laneName } from '../lake-folders.js';
import type { FileFacts, LakeFiles } from '../lake-files.js';
import type { DeltaAction } from './delta-actions.js';
import { actionsOf, laneChanges } from './delta-changes.js';
import type { LaneFile } from './delta-changes.js';
import { DeltaLog } from './delta-log.js';
import { hasColumnsOf, newMetaData, PROTOCOL } from './delta-schema.js';
import type { DeltaState } from './delta-state.js';
import { readStats } from './delta-stats.js';

export interface DeltaRules {
  /** Commits between two checkpoints. */
  readonly checkpointEvery: number;
  /** How long what a checkpoint has made superfluous stays, and removed files are told of. */
  readonly keptMs: number;
}

export interface DeltaTools {
  readonly files: LakeFiles;
  readonly footers: Footers;
  readonly connection: DuckDBConnection;
}

/** So often another process may be first; each time it has written something else. */
const ATTEMPTS = 20;

/** One table's Delta log, kept after what the chains of some lanes are. */
export class DeltaTable {
  readonly #log: DeltaLog;
  /** By path. A segment never changes. */
  readonly #facts = new Map<string, FileFacts>();

  constructor(
    private readonly table: TableSchema,
    private readonly folder: string,
    private readonly tools: DeltaTools,
    private readonly rules: DeltaRules,
  ) {
    this.#log = new DeltaLog(join(folder, '_delta_log'), tools.files, tools.connection);
  }

  /**
   * Commits, in one version, what has changed in the lanes; says which version is the newest. At every version each lane
   * is as some walk found it, and never goes back: a lane is walked after the version was read that is built on, and that
   * one is still the newest, else the name of the next would be taken.
   */
  async sync(lanes: readonly number[]): Promise<number> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const state = await this.#log.read();
      const actions = await this.#changes(state, lanes);
      if (actions.length === 0) return state.version;
      const commitInfo = {
        timestamp: Date.now(),
        operation: 'WRITE',
        engineInfo: 'financial-analysis-engine',
      };
      if (!(await this.#log.append([{ commitInfo }, ...actions]))) continue;
      if (state.version - Math.max(state.checkpoint, 0) >= this.rules.checkpointEvery) await this.#sumUp();
      return state.version;
    }
    throw new Error(`${this.folder}: others have written its Delta log ${ATTEMPTS} times in a row`);
  }

  async #sumUp(): Promise<void> {
    await this.#log.checkpoint(this.rules.keptMs);
    await this.#log.clean(this.rules.keptMs);
  }

  async #changes(state: DeltaState, lanes: readonly number[]): Promise<readonly DeltaAction[]> {
    const nowMs = Date.now();
    const actions = this.#heading(state, nowMs);
    for (const lane of lanes) {
      const changes = laneChanges(state, lane, await this.#walk(lane));
      const stats = new Map<string, string>();
      for (const { path, rows } of changes.adds)
        stats.set(path, JSON.stringify(await this.#stats(path, rows)));
      actions.push(...actionsOf(lane, changes, stats, nowMs));
    }
    return actions;
  }

  #stats(path: string, rows: number): ReturnType<typeof readStats> {
    return readStats(this.tools.connection, this.table, join(this.folder, path), rows);
  }

  #heading({ protocol, metaData }: DeltaState, nowMs: number): DeltaAction[] {
    const isKnown = metaData !== undefined && hasColumnsOf(metaData, this.table);
    const renewed = { ...newMetaData(this.table, nowMs), ...(metaData && { id: metaData.id }) };
    return [
      ...(protocol === undefined ? [{ protocol: PROTOCOL }] : []),
      ...(isKnown ? [] : [{ metaData: renewed }]),
    ];
  }

  async #walk(lane: number): Promise<readonly LaneFile[]> {
    const folder = join(this.folder, laneName(lane));
    const { segments } = await walkFolder(this.tools.files, folder, this.tools.footers);
    const paths = new Set(segments.map(({ path }) => path));
    for (const path of this.#facts.keys())
      if (path.startsWith(`${folder}/`) && !paths.has(path)) this.#facts.delete(path);
    const found: LaneFile[] = [];
    for (const segment of segments) found.push(await this.#file(lane, segment));
    return found;
  }

  async #file(lane: number, { path, footer }: WalkedSegment): Promise<LaneFile> {
    const facts = this.#facts.get(path) ?? (await this.tools.files.facts(path));
    this.#facts.set(path, facts);
    const { first, next, rows } = footer;
    const relative = `${laneName(lane)}/${basename(path)}`;
    return {
      path: relative,
      first,
      next,
      rows,
      size: facts.bytes,
      modificationTime: Math.floor(facts.modifiedMs),
    };
  }
}
