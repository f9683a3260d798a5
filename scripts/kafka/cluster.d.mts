import type { KafkaBroker } from './broker.mjs';

export interface ClusterOptions {
  /** Per broker, where clients are told to come. */
  readonly advertisedPorts?: readonly number[];
}

export declare class KafkaCluster {
  /** `size` brokers (3), every topic on all of them, two of them in sync for an acknowledgement. */
  static start(size?: number, options?: ClusterOptions): Promise<KafkaCluster>;
  readonly brokers: readonly KafkaBroker[];
  /** Of all brokers, with commas. */
  readonly address: string;
  remove(): Promise<void>;
}
