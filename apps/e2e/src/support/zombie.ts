import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppInstance, startProcess } from './app-instance.js';
import type { EngineProcess, Environment } from './engine.js';
import { lakeTableNames } from './lake-tables.js';
import { lanesOf } from './lake-walk.js';
import type { Layer } from './progress-meter.js';
import { until } from './until.js';

/** One more instance of a layer, which shares the lanes with the engine's own, and can be stopped as if it had died. */
export class Zombie extends AppInstance {
  private constructor(
    readonly layer: Layer,
    [process, port]: readonly [EngineProcess, number],
    private readonly lakeDir: string,
  ) {
    super(layer, process, port);
  }

  /** Resolves when it has got its share of the lanes. */
  static async join(layer: Layer, dataDir: string, env: Environment): Promise<Zombie> {
    const started = await startProcess(layer, { ...env, DATA_DIR: dataDir });
    const zombie = new Zombie(layer, started, join(dataDir, 'lake'));
    await until(`a second ${layer} has lanes`, async () => (await zombie.lanes()).length > 0);
    return zombie;
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
    return this.output.split('another owner was here').length - 1;
  }
}
