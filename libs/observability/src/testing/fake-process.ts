import type { ProcessEvent, ProcessHost } from '../process/process-host.js';

/** A process that only notes what is done to it. */
export class FakeProcess implements ProcessHost {
  readonly printed: string[] = [];
  readonly told: object[] = [];
  isParentReleased = false;
  /** The code of the first exit. */
  readonly exited: Promise<number>;
  readonly #listeners = new Map<ProcessEvent, (reason: unknown) => void>();
  #exit: (code: number) => void = () => undefined;

  constructor(readonly hasParent = false) {
    this.exited = new Promise((resolve) => (this.#exit = resolve));
  }

  on(event: ProcessEvent, listener: (reason: unknown) => void): void {
    this.#listeners.set(event, listener);
  }

  /** As if the event happened; true when somebody listens to it. */
  emit(event: ProcessEvent, reason?: unknown): boolean {
    const listener = this.#listeners.get(event);
    listener?.(reason);
    return listener !== undefined;
  }

  tellParent(message: object): void {
    if (this.hasParent) this.told.push(message);
  }

  releaseParent(): void {
    this.isParentReleased = true;
  }

  print(text: string): void {
    this.printed.push(text);
  }

  exit(code: number): void {
    this.#exit(code);
  }
}
