import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { appProcess } from './engine.js';
import type { EngineProcess, Environment } from './engine.js';
import { lakeTableNames } from './lake-tables.js';
import { positionsAt } from './lane-positions.js';
import { lanesOf } from './lake-walk.js';
import { freePort } from './ports.js';
import { isStopped } from './processes.js';
import type { Layer } from './progress-meter.js';
import { until } from './until.js';

/** One more instance of a layer, which shares the lanes with the engine's own, and can be stopped as if it had died. */
export class Zombie {
  private constructor(
    readonly layer: Layer,
    private readonly app: EngineProcess,
    private readonly port: number,
    private readonly lakeDir: string,
  ) {}

  /** Resolves when it has got its share of the lanes. */
  static async start(layer: Layer, dataDir: string, env: Environment): Promise<Zombie> {
    const port = await freePort();
    const settings = { ...env, DATA_DIR: dataDir, HTTP_PORT: String(port), LOG_FORMAT: 'json' };
    const zombie = new Zombie(layer, appProcess(layer, settings), port, join(dataDir, 'lake'));
    await until(`a second ${layer} has lanes`, async () => (await zombie.lanes()).length > 0);
    return zombie;
  }

  /** The lanes that are its own, as it says itself. */
  async lanes(): Promise<number[]> {
    return [...(await this.positions()).keys()];
  }

  /** How far it has come in each of its lanes. */
  async positions(): Promise<ReadonlyMap<number, number>> {
    if (this.app.hasExited) throw new Error(`${this.layer} ended: ${this.app.complaint}`);
    return positionsAt(`http://127.0.0.1:${this.port}`);
  }

  /** The temporary names of the segments that are on their way into these lanes. */
  segmentsAtHand(lanes: readonly number[]): string[] {
    const tables = lakeTableNames.filter((table) => table.startsWith(`${this.layer}/`));
    return tables.flatMap((table) =>
      lanesOf(this.lakeDir, table)
        .filter((lane) => lanes.includes(lane))
        .map((lane) => join(this.lakeDir, table, `lane=${lane}`, '_tmp'))
        .flatMap((folder) =>
          existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [],
        ),
    );
  }

  /** How often it has found another owner's segment where its own was to go. */
  get refusedSegments(): number {
    return this.app.output.split('another owner was here').length - 1;
  }

  async stop(): Promise<void> {
    this.app.kill('SIGSTOP');
    await until(`${this.layer} stands still`, () => isStopped(this.app.pid));
  }

  async kill(): Promise<void> {
    await this.app.stop('SIGKILL');
  }

  wake(): void {
    this.app.kill('SIGCONT');
  }

  /** A clean end: exit code 0. */
  async end(): Promise<number | null> {
    return (await this.app.stop('SIGTERM')).code;
  }
}
