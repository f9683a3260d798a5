// A real Kafka broker on this machine, on free ports, with its data in a folder of its own.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePorts } from '../free-ports.mjs';
import { defaultVersion, jarsOf } from './jars.mjs';
import { propertiesOf, scramArguments } from './properties.mjs';

const startedLine = 'Kafka Server started';
const startTimeoutMs = 120_000;
/** Started quickly, and small: what a test broker does for some minutes. */
const javaOptions = ['-Xms128m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

export class KafkaBroker {
  #process;

  constructor(parts) {
    this.folder = parts.folder;
    this.ports = parts.ports;
    this.version = parts.version;
    this.isDetached = parts.isDetached;
    this.logFile = join(parts.folder, 'broker.log');
  }

  /** Formats a new folder and starts on it; resolves when clients may come. */
  static async start({ version = defaultVersion, isDetached = false, ports, ...settings } = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'kafka-'));
    const own = ports ?? (await portsOf(1))[0];
    const broker = new KafkaBroker({ folder, version, isDetached, ports: own });
    try {
      broker.#format(settings);
      await broker.restart();
    } catch (error) {
      await broker.remove();
      throw error;
    }
    return broker;
  }

  get address() {
    return `127.0.0.1:${this.ports.client}`;
  }

  /** Past whatever stands at the port where clients are told to come. */
  get directAddress() {
    return `127.0.0.1:${this.ports.internal}`;
  }

  get pid() {
    return this.#process?.pid;
  }

  /** Starts it on the data and the ports it had. */
  async restart() {
    writeFileSync(this.logFile, '');
    const log = openSync(this.logFile, 'a');
    this.#process = spawn(
      'java',
      [...javaOptions, ...this.#classPath(), 'kafka.Kafka', this.#propertiesFile],
      {
        stdio: ['ignore', log, log],
        detached: this.isDetached,
      },
    );
    closeSync(log);
    if (!this.isDetached) this.#diesWithUs();
    await this.#started();
  }

  /** Cleanly: everything is on disk, its groups are told. */
  stop() {
    return this.#end('SIGTERM');
  }

  kill() {
    return this.#end('SIGKILL');
  }

  /**
   * Holds it up, as a long pause of the virtual machine would. Resolves when it stands still: its threads stop one after the
   * other, and the last may still answer.
   */
  async freeze() {
    this.#process.kill('SIGSTOP');
    while (!standsStill(this.#process.pid)) await pause(5);
  }

  thaw() {
    this.#process.kill('SIGCONT');
  }

  /** Kills it and deletes what it left. */
  async remove() {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Lets this process end without the broker. */
  detach() {
    this.#process.unref();
  }

  get #propertiesFile() {
    return join(this.folder, 'server.properties');
  }

  #classPath() {
    return ['-cp', join(jarsOf(this.version), '*')];
  }

  #format({ clusterId = newClusterId(), ...settings }) {
    const properties = propertiesOf({ folder: this.folder, ports: this.ports, ...settings });
    const lines = Object.entries(properties).map(([key, value]) => `${key}=${value}`);
    writeFileSync(this.#propertiesFile, `${lines.join('\n')}\n`);
    mkdirSync(join(this.folder, 'data'), { recursive: true });
    const tool = (...args) =>
      spawnSync('java', [...javaOptions, ...this.#classPath(), 'kafka.tools.StorageTool', ...args], {
        encoding: 'utf8',
      });
    const run = tool(
      'format',
      `--cluster-id=${clusterId}`,
      '-c',
      this.#propertiesFile,
      ...scramArguments(settings.security),
    );
    if (run.status !== 0) throw new Error(`The storage could not be formatted:\n${run.stdout}${run.stderr}`);
  }

  async #started() {
    const deadline = Date.now() + startTimeoutMs;
    while (!readFileSync(this.logFile, 'utf8').includes(startedLine)) {
      if (this.#hasEnded() || Date.now() > deadline)
        throw new Error(
          `Kafka ${this.version} did not start:\n${readFileSync(this.logFile, 'utf8').slice(-4000)}`,
        );
      await pause(50);
    }
  }

  #hasEnded() {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  async #end(signal) {
    if (!this.#process || this.#hasEnded()) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill(signal);
    // A frozen one takes no other signal.
    if (signal !== 'SIGKILL') this.#process.kill('SIGCONT');
    await exited;
  }

  #diesWithUs() {
    const child = this.#process;
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('exit', () => process.off('exit', kill));
  }
}

/** 16 random bytes as Kafka writes them. */
export const newClusterId = () =>
  Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url');

/** Of so many brokers. */
export async function portsOf(brokers) {
  const ports = await freePorts(3 * brokers);
  return Array.from({ length: brokers }, (_, i) => {
    const [client, internal, controller] = ports.slice(3 * i);
    return { client, internal, controller };
  });
}

/** Whether all threads of a process are stopped. Where there is no /proc to tell, it is taken for granted. */
function standsStill(pid) {
  const threads = `/proc/${pid}/task`;
  if (!existsSync(threads)) return true;
  try {
    return readdirSync(threads).every((thread) => {
      const stat = readFileSync(join(threads, thread, 'stat'), 'utf8');
      return stat[stat.lastIndexOf(')') + 2] === 'T';
    });
  } catch {
    // One has ended just now.
    return false;
  }
}
