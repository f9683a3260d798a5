export type ProcessEvent = 'SIGTERM' | 'SIGINT' | 'disconnect' | 'message' | 'uncaughtException';

/** As much of a process as starting and stopping an app needs. */
export interface ProcessHost {
  /** Was it started by a parent that listens to it? */
  readonly hasParent: boolean;
  on(event: ProcessEvent, listener: (reason: unknown) => void): void;
  /** Tells the parent something; without one, nobody. */
  tellParent(message: object): void;
  /** The channel to the parent alone does not keep the process alive any more. */
  releaseParent(): void;
  print(text: string): void;
  exit(code: number): void;
}

/** The process this runs in. */
export const thisProcess: ProcessHost = {
  get hasParent() {
    return process.send !== undefined;
  },
  on: (event, listener) => {
    process.on(event, listener);
  },
  tellParent: (message) => {
    if (process.connected) process.send?.(message);
  },
  releaseParent: () => {
    process.channel?.unref();
  },
  print: (text) => {
    process.stderr.write(`${text}\n`);
  },
  exit: (code) => {
    process.exit(code);
  },
};
