import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** What was found of one table's chain in one lane, and what was done about it. */
export interface ChainFacts {
  readonly table: string;
  readonly lane: number;
  /** Segments that are not compacted yet, and those that are. */
  readonly segments: number;
  readonly compactedSegments: number;
  readonly bytes: number;
  /** What a compaction has read; undefined: there was none. */
  readonly compactedBytes: number | undefined;
  readonly removedFiles: number;
}

/** The lake's files, of the lanes that are ours. */
export class LakeMetrics {
  readonly #files: Gauge;
  readonly #bytes: Gauge;
  readonly #compactions: Counter;
  readonly #compactedBytes: Counter;
  readonly #removed: Counter;
  readonly #failures: Counter;
  readonly #deltaVersion: Gauge;
  readonly #deltaFailures: Counter;

  constructor(
    registry: Registry,
    private readonly layer: string,
  ) {
    const registers = [registry];
    const gauge = (name: string, help: string, labelNames: string[]): Gauge =>
      new Gauge({ name, help, labelNames, registers });
    const total = (name: string, help: string): Counter =>
      new Counter({ name, help, labelNames: ['layer', 'table'], registers });
    this.#files = gauge('engine_lake_files', 'Data files of a chain, by level: 0 as published, 1 compacted', [
      'layer',
      'table',
      'lane',
      'level',
    ]);
    this.#bytes = gauge('engine_lake_bytes', 'Bytes of the data files of a chain', [
      'layer',
      'table',
      'lane',
    ]);
    this.#compactions = total('engine_compactions_total', 'Compacted segments made');
    this.#compactedBytes = total('engine_compacted_bytes_total', 'Bytes of the segments that were compacted');
    this.#removed = total('engine_removed_files_total', 'Files removed: covered, or below the floor');
    this.#failures = total('engine_upkeep_failures_total', 'Compactions and removals that failed');
    this.#deltaVersion = gauge('engine_delta_version', "Newest version of a table's Delta log", [
      'layer',
      'table',
    ]);
    this.#deltaFailures = total('engine_delta_failures_total', 'Attempts to write a Delta log that failed');
  }

  found({ table, lane, segments, compactedSegments, bytes, compactedBytes, removedFiles }: ChainFacts): void {
    const { layer } = this;
    const chain = { layer, table, lane: String(lane) };
    this.#files.set({ ...chain, level: '0' }, segments);
    this.#files.set({ ...chain, level: '1' }, compactedSegments);
    this.#bytes.set(chain, bytes);
    this.#removed.inc({ layer, table }, removedFiles);
    if (compactedBytes === undefined) return;
    this.#compactions.inc({ layer, table });
    this.#compactedBytes.inc({ layer, table }, compactedBytes);
  }

  failed(table: string): void {
    this.#failures.inc({ layer: this.layer, table });
  }

  deltaVersion(table: string, version: number): void {
    this.#deltaVersion.set({ layer: this.layer, table }, version);
  }

  deltaFailed(table: string): void {
    this.#deltaFailures.inc({ layer: this.layer, table });
  }

  /** The chain is another instance's. */
  released(table: string, lane: number): void {
    const chain = { layer: this.layer, table, lane: String(lane) };
    this.#files.remove({ ...chain, level: '0' });
    this.#files.remove({ ...chain, level: '1' });
    this.#bytes.remove(chain);
  }
}
