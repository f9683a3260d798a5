// The configuration of a single KRaft node for tests: broker and controller in one process, everything small.
import { join } from 'node:path';

/**
 * Ports: `client` for the clients, `internal` between the brokers, `controller` for the quorum. `advertisedPort`: where
 * clients are told to come, when that is not where it listens.
 */
export function propertiesOf({ folder, ports, advertisedPort, security = {}, overrides = {} }) {
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${ports.controller}`,
    listeners: ['client', 'internal', 'controller']
      .map((name) => `${name.toUpperCase()}://127.0.0.1:${ports[name]}`)
      .join(','),
    'advertised.listeners': `CLIENT://127.0.0.1:${advertisedPort ?? ports.client},INTERNAL://127.0.0.1:${ports.internal}`,
    'listener.security.protocol.map': `CLIENT:${protocolOf(security)},INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'INTERNAL',
    'log.dirs': join(folder, 'data'),
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.num.partitions': '1',
    'transaction.state.log.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    // A broker that made topics by itself would hide a client that does not.
    'auto.create.topics.enable': 'true',
    'log.retention.check.interval.ms': '500',
    'log.initial.task.delay.ms': '500',
    'log.segment.delete.delay.ms': '100',
    'log.cleaner.enable': 'false',
    // A broker that was killed may come back soon.
    'broker.session.timeout.ms': '5000',
    'broker.heartbeat.interval.ms': '200',
    'controller.quorum.election.timeout.ms': '200',
    'controller.quorum.fetch.timeout.ms': '500',
    'num.network.threads': '2',
    'num.io.threads': '4',
    ...tlsOf(security),
    ...saslOf(security),
    ...overrides,
  };
}

const protocolOf = ({ tls, sasl }) => `${sasl ? 'SASL_' : ''}${tls ? 'SSL' : 'PLAINTEXT'}`;

/** `tls`: PEM files `ca`, `serverKeyAndCertificate`; `demandsClientCertificate`. */
function tlsOf({ tls }) {
  if (!tls) return {};
  return {
    'listener.name.client.ssl.keystore.type': 'PEM',
    'listener.name.client.ssl.keystore.location': tls.serverKeyAndCertificate,
    'listener.name.client.ssl.truststore.type': 'PEM',
    'listener.name.client.ssl.truststore.location': tls.ca,
    'listener.name.client.ssl.client.auth': tls.demandsClientCertificate ? 'required' : 'none',
  };
}

/** `sasl`: `username`, `password`, allowed by every mechanism. The scram users are made when the storage is formatted. */
function saslOf({ sasl }) {
  if (!sasl) return {};
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
  return {
    'listener.name.client.sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'listener.name.client.plain.sasl.jaas.config':
      'org.apache.kafka.common.security.plain.PlainLoginModule required ' +
      `user_${sasl.username}="${sasl.password}";`,
    'listener.name.client.scram-sha-256.sasl.jaas.config': scram,
    'listener.name.client.scram-sha-512.sasl.jaas.config': scram,
  };
}

/** What the storage tool is told about the scram users. */
export function scramArguments({ sasl } = {}) {
  if (!sasl) return [];
  return ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
    '--add-scram',
    `${mechanism}=[name=${sasl.username},password=${sasl.password}]`,
  ]);
}
