/** How Kafka is reached and used. Files are read when the log is opened. */
export interface KafkaSettings {
  /** `host:port` each. */
  readonly brokers: readonly string[];
  /** null: no TLS. */
  readonly ssl: {
    readonly caFile: string | null;
    readonly certFile: string | null;
    readonly keyFile: string | null;
  } | null;
  /** One of `password` and `passwordFile` is given. */
  readonly sasl: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string | null;
    readonly passwordFile: string | null;
  } | null;
  /** Whether `ensureTopic` may create what is missing. */
  readonly createTopics: boolean;
  /** Of topics that are created. null: the broker's. */
  readonly replicationFactor: number | null;
  /** A member of a group that has not been heard of for so long has lost its partitions. */
  readonly sessionTimeoutMs: number;
  readonly compression: 'none' | 'gzip';
}
