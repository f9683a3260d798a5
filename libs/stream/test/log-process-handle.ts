import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { EmbeddedLogOptions } from '../src/embedded.js';
import type { OffsetRange, TopicDescription } from '../src/index.js';
import type { KafkaSettings } from '../src/kafka.js';
import { waitUntil } from '../src/testing.js';

export type Seen = readonly [partition: number, offset: number, key: string, number: number];

interface Message {
  readonly done?: string;
  readonly error?: string;
  /** Of the error: what it says of itself. */
  readonly facts?: { readonly name: string; readonly message: string; readonly retriable?: boolean };
  readonly acked?: number;
  readonly seen?: readonly Seen[];
  /** assigned 0 1, revoked 0 1, batch, stale, not stale: in the order in which it happened. */
  readonly call?: string;
  readonly description?: TopicDescription;
  readonly ranges?: readonly OffsetRange[];
}

const script = fileURLToPath(new URL('./log-process.mjs', import.meta.url));
const loader = new URL('./typescript.mjs', import.meta.url).href;

/** A process of its own that has the log open. */
export class LogProcess {
  acked = 0;
  readonly seen: Seen[] = [];
  /** What the listener was told, records included, in order. */
  readonly calls: (string | readonly Seen[])[] = [];
  readonly #child: ChildProcess;
  readonly #answers: Message[] = [];

  constructor() {
    const env = { ...process.env, NODE_OPTIONS: '' };
    this.#child = fork(script, { execArgv: ['--import', loader], env, serialization: 'advanced' });
    this.#child.on('message', (message: Message) => {
      this.acked = message.acked ?? this.acked;
      this.seen.push(...(message.seen ?? []));
      const call = message.call ?? message.seen;
      if (call !== undefined) this.calls.push(call);
      if (message.done !== undefined || message.error !== undefined) this.#answers.push(message);
    });
  }

  static async at(folder: string, options: EmbeddedLogOptions = {}): Promise<LogProcess> {
    const started = new LogProcess();
    await started.#answer();
    await started.ask('open', { folder, options });
    return started;
  }

  static async onKafka(settings: KafkaSettings): Promise<LogProcess> {
    const started = new LogProcess();
    await started.#answer();
    await started.ask('openKafka', { settings });
    return started;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async untilTold(call: string): Promise<void> {
    await waitUntil(() => this.calls.includes(call));
  }

  tell(command: string, args: object = {}): void {
    this.#child.send({ command, ...args });
  }

  async ask(command: string, args: object = {}): Promise<Message> {
    this.tell(command, args);
    return this.#answer();
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }

  /** Resolves with the exit code once the process has closed the log and ended by itself. */
  async close(): Promise<unknown> {
    const exited = once(this.#child, 'exit');
    this.tell('close');
    return ((await exited) as unknown[])[0];
  }

  async #answer(): Promise<Message> {
    await waitUntil(() => this.#answers.length > 0 || this.#child.exitCode !== null);
    const answer = this.#answers.shift();
    if (!answer) throw new Error('The process has ended');
    if (answer.error !== undefined) throw Object.assign(new Error(answer.error), { facts: answer.facts });
    return answer;
  }
}
