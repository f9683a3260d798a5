/** How clients have to show who they are. */
export interface BrokerSecurity {
  /** PEM files. */
  readonly tls?: {
    readonly ca: string;
    readonly serverKeyAndCertificate: string;
    readonly demandsClientCertificate: boolean;
  };
  readonly sasl?: { readonly username: string; readonly password: string };
}

export interface BrokerOptions {
  /** Of Apache Kafka. Default: KAFKA_VERSION, else 4.3.1. */
  readonly version?: string;
  readonly security?: BrokerSecurity;
  /** Where clients are told to come, if something stands between them and the broker. */
  readonly advertisedPort?: number;
  /** Further lines of server.properties. */
  readonly overrides?: Readonly<Record<string, string>>;
}

export declare class KafkaBroker {
  static start(options?: BrokerOptions): Promise<KafkaBroker>;
  /** Where it listens for clients. */
  readonly address: string;
  /** Leads to the brokers themselves, without security, wherever clients are told to come. */
  readonly directAddress: string;
  readonly folder: string;
  readonly version: string;
  restart(): Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
  freeze(): Promise<void>;
  thaw(): void;
  remove(): Promise<void>;
}
