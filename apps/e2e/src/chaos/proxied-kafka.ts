/* eslint-disable @nx/enforce-module-boundaries -- the broker is a script of the repository, not a project */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KafkaBroker } from '../../../../scripts/kafka/broker.mjs';
import { KafkaCluster } from '../../../../scripts/kafka/cluster.mjs';
import { KafkaProxy } from './kafka-proxy.js';
import { ProduceFaults } from './produce-faults.js';

/** Brokers, each behind a proxy that clients are sent through. */
export class ProxiedKafka {
  private constructor(
    readonly brokers: readonly KafkaBroker[],
    readonly proxies: readonly KafkaProxy[],
    readonly faults: ProduceFaults,
  ) {}

  /** `delayMs`: drawn for every request and every answer. */
  static async start(size: number, delayMs: () => number): Promise<ProxiedKafka> {
    const faults = new ProduceFaults();
    const listening = Array.from({ length: size }, () => KafkaProxy.listen(faults, delayMs));
    const proxies = await Promise.all(listening);
    const advertisedPorts = proxies.map(({ port }) => port);
    const brokers =
      size === 1
        ? [await KafkaBroker.start({ advertisedPort: advertisedPorts[0]! })]
        : (await KafkaCluster.start(size, { advertisedPorts })).brokers;
    proxies.forEach((proxy, i) => {
      proxy.leadTo(brokers[i]!.address);
    });
    return new ProxiedKafka(brokers, proxies, faults);
  }

  /** Where the engine is sent. */
  get address(): string {
    return this.proxies.map(({ address }) => address).join();
  }

  /** Past the proxies. */
  get directAddress(): string {
    return this.brokers.map(({ directAddress }) => directAddress).join();
  }

  /** How often the members of a group have been dealt its lanes anew, as the brokers wrote down since their last start. */
  generationsOf(groupId: string): number {
    const line = new RegExp(`group ${groupId} .*generation (\\d+)`, 'g');
    const logs = this.brokers.map(({ folder }) => readFileSync(join(folder, 'broker.log'), 'utf8'));
    return Math.max(0, ...logs.flatMap((log) => [...log.matchAll(line)].map(([, n]) => Number(n))));
  }

  async remove(): Promise<void> {
    await Promise.all(this.brokers.map((broker) => broker.remove()));
    await Promise.all(this.proxies.map((proxy) => proxy.close()));
  }
}
