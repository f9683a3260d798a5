// Several real brokers that are one cluster, each broker and controller in one process.
import { KafkaBroker, newClusterId, portsOf } from './broker.mjs';

export class KafkaCluster {
  constructor(brokers) {
    /** By node id, from 1 on. */
    this.brokers = brokers;
  }

  /** What is acknowledged is on two of three replicas, of whatever topic is made without saying otherwise. */
  static async start(size = 3, { advertisedPorts = [] } = {}) {
    const ports = await portsOf(size);
    const clusterId = newClusterId();
    const voters = ports.map(({ controller }, i) => `${i + 1}@127.0.0.1:${controller}`).join();
    const overrides = {
      'controller.quorum.voters': voters,
      'default.replication.factor': String(size),
      'min.insync.replicas': '2',
      'offsets.topic.replication.factor': String(size),
      'transaction.state.log.replication.factor': String(size),
      'transaction.state.log.min.isr': '2',
      // Elections among voters that share a small machine.
      'controller.quorum.election.timeout.ms': '1000',
      'controller.quorum.fetch.timeout.ms': '2000',
    };
    // Together: none is up before most are.
    const starting = ports.map((own, i) =>
      KafkaBroker.start({
        ports: own,
        clusterId,
        advertisedPort: advertisedPorts[i],
        overrides: { ...overrides, 'node.id': String(i + 1) },
      }),
    );
    const started = await Promise.allSettled(starting);
    const brokers = started.flatMap(({ value }) => (value ? [value] : []));
    const cluster = new KafkaCluster(brokers);
    const failed = started.find(({ status }) => status === 'rejected');
    if (failed) {
      await cluster.remove();
      throw failed.reason;
    }
    return cluster;
  }

  get address() {
    return this.brokers.map(({ address }) => address).join();
  }

  async remove() {
    await Promise.all(this.brokers.map((broker) => broker.remove()));
  }
}
