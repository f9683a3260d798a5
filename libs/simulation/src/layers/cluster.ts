import type { LayerName } from '@engine/medallion';
import type { Random } from '@engine/oracle';
import { isRetriable } from '@engine/stream/ports';

import { SimProcess } from '../machine/sim-process.js';
import { ViolationError } from '../machine/world.js';
import type { World } from '../machine/world.js';
import { Instance } from './instance.js';
import type { InstanceParts } from './instance.js';
import { StrayTender } from './stray-tender.js';
import type { StrayPlan } from './stray-tender.js';

/** What a process does, from its start to its end. */
type Living = Pick<Instance, 'run' | 'closeWindows' | 'abandon' | 'stop'>;

/** A place for one instance of a layer, which is started again whenever it has died. */
interface Slot {
  readonly name: string;
  readonly layer: LayerName;
  readonly create: () => Living;
  lives: number;
  process: SimProcess | undefined;
  instance: Living | undefined;
  /** It stays down until it is wanted again. */
  isWanted: boolean;
}

/** The instances of all layers, and who starts them again. */
export class Cluster {
  readonly #slots: Slot[] = [];
  /** Of all lives, the dead ones too. */
  readonly #instances: Living[] = [];

  constructor(
    private readonly world: World,
    private readonly parts: InstanceParts,
    private readonly restartMs: () => number,
  ) {}

  add(layer: LayerName, name: string): void {
    this.#add(layer, name, () => new Instance(layer, this.parts));
  }

  addStrayTender(name: string, plan: StrayPlan, random: Random): void {
    const { tended, upkeep } = this.parts;
    if (upkeep === null) return;
    const [layer] = plan.table.name.split('/');
    this.#add(layer as LayerName, name, () => new StrayTender(plan, { lake: tended, upkeep, random }));
  }

  get slots(): readonly {
    readonly name: string;
    readonly layer: LayerName;
    readonly process: SimProcess | undefined;
  }[] {
    return this.#slots;
  }

  died(process: SimProcess): void {
    const slot = this.#slots.find((one) => one.process === process);
    if (slot === undefined) return;
    slot.process = slot.instance = undefined;
    if (slot.isWanted) this.#startSoon(slot, this.restartMs());
  }

  killAll(): void {
    for (const { process } of this.#slots) if (process !== undefined) this.world.kill(process);
  }

  /** Asks every instance to publish what is open, as `--until-idle` does. */
  closeWindows(): void {
    for (const { process, instance } of this.#slots) {
      if (process === undefined || instance === undefined) continue;
      this.world.after(0, process, 'closes its windows', () => {
        void instance.closeWindows().catch((error: unknown) => {
          this.world.violated(new ViolationError('progress', `${process.name}: ${textOf(error)}`));
        });
      });
    }
  }

  /** The world has ended: what the dead still wait for must not be kept for ever. */
  forget(): Promise<void> {
    const nobody = new SimProcess('nobody', 0);
    nobody.isDead = true;
    return this.world.as(nobody, () => {
      for (const instance of this.#instances) instance.abandon();
    });
  }

  /** A clean stop; `backInMs`: and a new start. */
  stop(name: string, backInMs?: number): void {
    const slot = this.#slots.find((one) => one.name === name)!;
    slot.isWanted = backInMs !== undefined;
    const { process, instance } = slot;
    if (process === undefined || instance === undefined) return;
    this.world.note(process.name, 'is asked to stop');
    this.world.after(0, process, 'SIGTERM', () => {
      void instance.stop().then(
        () => {
          this.#ended(slot, process, undefined, backInMs);
        },
        (error: unknown) => {
          this.#ended(slot, process, error, backInMs);
        },
      );
    });
  }

  #add(layer: LayerName, name: string, create: () => Living): void {
    const slot: Slot = {
      name,
      layer,
      create,
      lives: 0,
      process: undefined,
      instance: undefined,
      isWanted: true,
    };
    this.#slots.push(slot);
    this.#startSoon(slot, 0);
  }

  #startSoon(slot: Slot, ms: number): void {
    this.world.after(ms, null, `${slot.name} is started`, () => {
      if (slot.isWanted && slot.process === undefined) this.#start(slot);
    });
  }

  #start(slot: Slot): void {
    const process = (slot.process = new SimProcess(slot.name, ++slot.lives));
    this.world.after(0, process, 'begins', () => {
      const instance = (slot.instance = slot.create());
      this.#instances.push(instance);
      void instance.run().catch((error: unknown) => {
        this.#ended(slot, process, error, undefined);
      });
    });
  }

  /** What may pass ends a process at most; anything else says that a promise is broken. */
  #ended(slot: Slot, process: SimProcess, error: unknown, backInMs: number | undefined): void {
    if (process.isDead) return;
    if (error !== undefined && !isRetriable(error)) {
      const text = textOf(error);
      this.world.violated(new ViolationError('no app ends by itself', `${process.name}: ${text}`));
      return;
    }
    this.world.note(process.name, error === undefined ? 'has stopped' : `ends: ${textOf(error)}`);
    process.isDead = true;
    slot.process = slot.instance = undefined;
    if (slot.isWanted) this.#startSoon(slot, backInMs ?? this.restartMs());
  }
}

const textOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error);
