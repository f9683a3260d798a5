import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KafkaBroker, brokerPatienceMs, describeWithKafka, plainSettings } from '../../test/real-kafka.js';
import { KafkaConfigurationError, KafkaLog } from '../kafka.js';
import type { KafkaSettings } from '../kafka.js';

type Tls = NonNullable<KafkaSettings['ssl']>;
type Sasl = NonNullable<KafkaSettings['sasl']>;

/** A certificate authority and what it has signed, as PEM files of one folder. */
class Certificates {
  constructor(readonly folder: string) {
    this.#openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=test authority', '-keyout', 'ca.key', '-out', 'ca.pem'); // prettier-ignore
    for (const name of ['server', 'client']) this.#sign(name);
    writeFileSync(this.file('server-both.pem'), this.#text('server.key') + this.#text('server.pem'));
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  #sign(name: string): void {
    writeFileSync(this.file('extensions'), 'subjectAltName=IP:127.0.0.1');
    this.#openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`); // prettier-ignore
    this.#openssl('x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'extensions', '-out', `${name}.pem`); // prettier-ignore
  }

  #openssl(...args: string[]): void {
    const run = spawnSync('openssl', args, { cwd: this.folder, encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`openssl ${args.join(' ')}: ${run.stderr}`);
  }

  #text(name: string): string {
    return readFileSync(this.file(name), 'utf8');
  }
}

describeWithKafka('a broker that demands TLS and SASL', () => {
  const password = 'correct horse';
  let folder: string;
  let certificates: Certificates;
  let broker: KafkaBroker;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'certificates-'));
    certificates = new Certificates(folder);
    writeFileSync(certificates.file('password'), `${password}\n`);
    broker = await KafkaBroker.start({
      security: {
        tls: {
          ca: certificates.file('ca.pem'),
          serverKeyAndCertificate: certificates.file('server-both.pem'),
          demandsClientCertificate: true,
        },
        sasl: { username: 'engine', password },
      },
    });
  }, brokerPatienceMs);

  afterAll(async () => {
    await broker.remove();
    await rm(folder, { recursive: true });
  }, brokerPatienceMs);

  const tls = (): Tls => ({
    caFile: certificates.file('ca.pem'),
    certFile: certificates.file('client.pem'),
    keyFile: certificates.file('client.key'),
  });
  const sasl = (mechanism: Sasl['mechanism'], own: Partial<Sasl> = {}): Sasl => ({
    mechanism,
    username: 'engine',
    password,
    passwordFile: null,
    ...own,
  });
  const open = (settings: Partial<KafkaSettings>): Promise<KafkaLog> =>
    KafkaLog.open(plainSettings(broker, settings), { patienceMs: 3_000 });

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)(
    'serves who shows a certificate and a password by %s',
    async (mechanism) => {
      const log = await open({ ssl: tls(), sasl: sasl(mechanism) });
      await log.ensureTopic({ name: mechanism, partitions: 1 });
      const producer = await log.createProducer();
      await producer.send(mechanism, [{ partition: 0, value: 'secret' }]);
      await producer.close();
      const [record] = await log.read(mechanism, 0, 0, { maxRecords: 1, maxBytes: 1 });
      expect(record?.value?.toString()).toBe('secret');
      await log.close();
    },
  );

  it('takes the password from a file, without its last line end', async () => {
    const fromFile = { password: null, passwordFile: certificates.file('password') };
    const log = await open({ ssl: tls(), sasl: sasl('plain', fromFile) });
    expect(await log.describeTopic('nothing')).toBeUndefined();
    await log.close();
  });

  it.each(['plain', 'scram-sha-512'] as const)(
    'refuses a wrong password by %s at once, without telling it',
    async (mechanism) => {
      const wrong = open({ ssl: tls(), sasl: sasl(mechanism, { password: 'guess-1234' }) });
      await expect(wrong).rejects.toThrow(KafkaConfigurationError);
      await expect(wrong).rejects.toThrow(/KAFKA_SASL_USERNAME/);
      await expect(wrong).rejects.not.toThrow(/guess-1234/);
    },
  );

  it('is refused when its certificate is not of an authority that we know', async () => {
    const stranger = open({ ssl: { ...tls(), caFile: null }, sasl: sasl('plain') });
    await expect(stranger).rejects.toThrow(/KAFKA_SSL_CA_FILE/);
    await expect(stranger).rejects.toMatchObject({ exitCode: 78 });
  });

  it('refuses who has no certificate', async () => {
    const nobody = { ...tls(), certFile: null, keyFile: null };
    await expect(open({ ssl: nobody, sasl: sasl('plain') })).rejects.toThrow(/certificate|no broker can be/);
  });

  it('names the file that cannot be read', async () => {
    const missing = open({ ssl: { ...tls(), caFile: '/nowhere/ca.pem' } });
    await expect(missing).rejects.toThrow(/KAFKA_SSL_CA_FILE=\/nowhere\/ca\.pem cannot be read/);
    await expect(missing).rejects.toMatchObject({ exitCode: 78 });
  });
});
