import type { LaneStatusSource } from '../lane-status-source.js';

export const CONTROL_PARTS = Symbol('parts of a layer app that its parent may ask');

/** Something that can be brought to an end. */
export interface Closable {
  /** Appends what closes everything still open. Resolves once that is in the log. */
  close(): Promise<void>;
}

export interface ControlParts {
  /** What a caller must show; null: there are no control endpoints. */
  readonly token: string | null;
  readonly lanes: LaneStatusSource;
  /** Left out where a layer has nothing to close. */
  readonly closable?: Closable | undefined;
}
