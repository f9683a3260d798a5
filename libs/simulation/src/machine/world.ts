import type { Call, Director, Fate } from '../faults/director.js';
import { EventQueue } from './event-queue.js';
import type { SimEvent } from './event-queue.js';
import type { SimProcess } from './sim-process.js';
import { microtasksDone } from './virtual-time.js';

/** 2026-01-01T00:00Z, ms. */
export const EPOCH_MS = 1_767_225_600_000;

/** A promise that the simulation was given does not hold. */
export class ViolationError extends Error {
  override readonly name = 'ViolationError';
  constructor(
    /** As the tests name it: `no-row-lost`. */
    readonly invariant: string,
    detail: string,
  ) {
    super(`${invariant}: ${detail}`);
  }
}

/** Temporary names are drawn by the machine: a trace that held them would never be the same twice. */
const TEMPORARY = /_tmp\/[0-9a-f-]{36}/;

/** A call that was refused by the world. */
export type Refuse = (code: string, label: string) => Error;

interface Accidents {
  died(process: SimProcess): void;
  paused(process: SimProcess): void;
  powerLost(loses: RegExp | null): Promise<void>;
}

interface Pending<T> extends Call {
  readonly act: () => T | Promise<T>;
  readonly refuse: Refuse;
  readonly resolve: (result: T) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Everything outside the processes: time, and what happens next. Between two events all that a process does without waiting
 * runs to its end, so at each moment one process runs and every call it makes is known to be its own.
 */
export class World {
  nowMs = EPOCH_MS;
  steps = 0;
  /** The process that runs. */
  current: SimProcess | null = null;
  readonly #trace: { readonly atMs: number; readonly who: string; readonly what: string }[] = [];
  readonly #queue = new EventQueue();
  #violation: ViolationError | undefined;

  /** What else happens when a process dies or is stopped, or the whole machine loses its power. */
  accidents!: Accidents;

  constructor(readonly director: Director) {}

  /** Something happens in `ms` from now. */
  after(ms: number, process: SimProcess | null, label: string, fire: () => void | Promise<void>): void {
    this.#queue.push({ dueMs: this.nowMs + ms, process, label, fire });
  }

  /** The running process makes a call; without one it is done at once. */
  call<T>(call: Omit<Call, 'process'>, act: () => T | Promise<T>, refuse: Refuse): Promise<T> {
    const process = this.current;
    if (process === null) return Promise.resolve().then(act);
    const { kind, label, isWrite } = call;
    return new Promise((resolve, reject) => {
      const pending = { kind, label, isWrite, process: process.name, act, refuse, resolve, reject };
      this.after(this.director.latencyMs(), process, label, () => this.#perform(process, pending));
    });
  }

  /** The first violation is what counts. */
  violated(violation: ViolationError): void {
    this.#violation ??= violation;
  }

  note(who: string, what: string): void {
    this.#trace.push({ atMs: this.nowMs - EPOCH_MS, who, what });
  }

  /** What happened, line by line. */
  get trace(): readonly string[] {
    return this.#trace.map(
      ({ atMs, who, what }) =>
        `${atMs.toFixed(2).padStart(10)} ${who.padEnd(10)} ${what.replace(TEMPORARY, '_tmp/*')}`,
    );
  }

  /** Until nothing will happen any more, or the time has come. Throws the first violation. */
  async run(untilMs = Infinity, mostSteps = 300_000): Promise<void> {
    for (let event = this.#queue.shift(untilMs); event !== undefined; event = this.#queue.shift(untilMs)) {
      if (this.steps++ > mostSteps)
        throw new ViolationError('progress', `not at rest after ${mostSteps} steps`);
      this.nowMs = Math.max(this.nowMs, event.dueMs);
      if (this.#isDue(event)) await this.as(event.process, event.fire);
      if (this.#violation !== undefined) throw this.#violation;
    }
  }

  kill(process: SimProcess): void {
    if (process.isDead) return;
    process.isDead = true;
    this.accidents.died(process);
  }

  pause(process: SimProcess, ms: number): void {
    process.pausedUntilMs = this.nowMs + ms;
    this.accidents.paused(process);
  }

  /** Code runs as a process until it waits for the world. */
  async as(process: SimProcess | null, code: () => void | Promise<void>): Promise<void> {
    this.current = process;
    await code();
    await microtasksDone();
    this.current = null;
  }

  /** False where it does not happen at all, or not yet. */
  #isDue({ process, label, fire }: SimEvent): boolean {
    if (process?.isDead === true) return false;
    if (process !== null && process.pausedUntilMs > this.nowMs) {
      this.after(process.pausedUntilMs - this.nowMs, process, label, fire);
      return false;
    }
    if (label !== 'timer') this.note(process?.name ?? '-', label);
    return true;
  }

  async #perform<T>(process: SimProcess, pending: Pending<T>): Promise<void> {
    const fate = this.director.fate(pending);
    if (fate.kind === 'go') (await this.#act(pending))();
    else await this.#suffer(process, pending, fate);
  }

  async #suffer<T>(
    process: SimProcess,
    pending: Pending<T>,
    fate: Exclude<Fate, { kind: 'go' }>,
  ): Promise<void> {
    const when = 'when' in fate ? fate.when : 'before';
    this.note(process.name, `  ${fate.kind} ${when} ${pending.label}`);
    if (fate.kind === 'pause') this.pause(process, fate.ms);
    const answer = when === 'after' ? await this.#act(pending) : undefined;
    if (fate.kind === 'power loss') await this.accidents.powerLost(fate.loses);
    else if (fate.kind === 'crash') this.kill(process);
    else if (fate.kind === 'fail') pending.reject(pending.refuse(fate.code, pending.label));
    else this.#later(fate.ms, process, pending, answer);
  }

  /** `answer`: the call has had its effect already. */
  #later<T>(ms: number, process: SimProcess, pending: Pending<T>, answer: (() => void) | undefined): void {
    this.after(ms, process, `goes on with ${pending.label}`, async () => {
      (answer ?? (await this.#act(pending)))();
    });
  }

  /** Lets a call have its effect; what is returned tells the caller. */
  async #act<T>({ act, resolve, reject }: Pending<T>): Promise<() => void> {
    try {
      const result = await act();
      return () => {
        resolve(result);
      };
    } catch (error) {
      if (error instanceof ViolationError) this.violated(error);
      return () => {
        reject(error);
      };
    }
  }
}
