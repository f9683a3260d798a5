/** A call by which a process reaches the world: to the file system, the log, or the group's book. */
export interface Call {
  readonly process: string;
  readonly kind: 'file' | 'log' | 'send' | 'group';
  /** `link gold/bars/lane=0/00000000000000000012.parquet`, `fetch bronze-ticks`. */
  readonly label: string;
  /** The call takes room on the disk. */
  readonly isWrite?: boolean | undefined;
}

/** What becomes of a call. `before`: nothing of it has happened yet. `after`: it has, and the caller does not know. */
export type Fate =
  | { readonly kind: 'go' }
  | { readonly kind: 'crash'; readonly when: 'before' | 'after' }
  | { readonly kind: 'pause'; readonly when: 'before' | 'after'; readonly ms: number }
  /** It takes so long, while the process goes on with what it has to do besides. */
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'fail'; readonly when: 'before' | 'after'; readonly code: string }
  /** The machine loses its power: all processes, and what was not synced. */
  | {
      readonly kind: 'power loss';
      /** Of one chain whose folder looks so, the last segment is gone although it was durable: a disk that lied, or a backup. */
      readonly loses: RegExp | null;
    };

/** What becomes of the part of a send that goes to one partition. */
export interface Passage {
  /** How long it is under way; null: it is lost. */
  readonly landsAfterMs: number | null;
  /** false: the sender waits in vain, and is told so after a while. */
  readonly isAnswered: boolean;
}

/** What happens to the world, on purpose or by chance. */
export interface Director {
  fate(call: Call): Fate;
  passage(topic: string, partition: number): Passage;
  /** How long a call, an answer or a notice takes. */
  latencyMs(): number;
  /** Whether a listing has a name that was made while it went on. */
  sees(path: string): boolean;
  /** How many of `most` records a read brings: one at least. */
  boundary(most: number): number;
}

export const GO: Fate = { kind: 'go' };
