/**
 * What becomes of one produce request.
 * - `answer-cut`: it goes through, its answer is swallowed and the connection ends.
 * - `answer-lost`: likewise, but the client goes on waiting.
 * - `late`: the connection ends before it has gone through; it does so after the client has sent it again and gone on.
 */
export type ProduceFault = 'answer-cut' | 'answer-lost' | 'late';

/** Waits for a produce request to happen to. */
export interface ArmedFault {
  readonly topic: string;
  readonly fault: ProduceFault;
  readonly happened: () => void;
}

/** Faults on their way to the produce requests of one or more proxies: a broker that has just come back leads no lane, and would never meet its own. */
export class ProduceFaults {
  #armed: ArmedFault[] = [];

  /** Lets it happen to the next produce request to this topic, wherever it goes; resolves when it has. */
  async spoilNext(topic: string, fault: ProduceFault): Promise<void> {
    await new Promise<void>((happened) => {
      this.armAgain({ topic, fault, happened });
    });
  }

  /** The one that is longest armed for this topic. */
  take(topic: string | undefined): ArmedFault | undefined {
    const armed = this.#armed.find((each) => each.topic === topic);
    this.#armed = this.#armed.filter((each) => each !== armed);
    return armed;
  }

  armAgain(...faults: readonly ArmedFault[]): void {
    this.#armed.push(...faults);
  }

  /** What has not happened yet, in words. */
  get waiting(): string {
    return this.#armed.map(({ topic, fault }) => `${fault} of ${topic}`).join(', ') || 'none';
  }
}
