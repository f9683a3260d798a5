#!/usr/bin/env node
// A Kafka broker to try the engine with, without Docker: `node scripts/kafka start|stop|status`.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { KafkaBroker } from './broker.mjs';
import { cacheFolder, missingTools } from './jars.mjs';

const stateFile = join(cacheFolder, 'running.json');

const commands = { start, stop, status };
const command = commands[process.argv[2]];
if (!command) {
  console.error('node scripts/kafka start|stop|status   (KAFKA_VERSION, default 4.3.1)');
  process.exit(2);
}
process.exitCode = await command();

async function start() {
  const missing = missingTools();
  if (missing) {
    console.error(`${missing}: install a Java runtime (17 or newer) and Maven`);
    return 78;
  }
  const running = readState();
  if (running) return report(running);
  const broker = await KafkaBroker.start({ isDetached: true });
  const { address, folder, pid, version } = broker;
  mkdirSync(cacheFolder, { recursive: true });
  writeFileSync(stateFile, JSON.stringify({ address, folder, pid, version }));
  broker.detach();
  return report({ address, folder, pid, version });
}

/** Its data go with it. */
async function stop() {
  const running = readState();
  if (!running) return report(undefined);
  process.kill(running.pid, 'SIGTERM');
  while (isAlive(running.pid)) await pause(50);
  rmSync(running.folder, { recursive: true, force: true });
  rmSync(stateFile, { force: true });
  console.log('stopped');
  return 0;
}

function status() {
  return report(readState());
}

function report(running) {
  if (!running) {
    console.log('no broker is running');
    return 1;
  }
  const { address, folder, pid, version } = running;
  console.log(`Kafka ${version} on ${address} (pid ${pid}, data in ${folder})`);
  console.log(`npx engine up --kafka ${address}`);
  return 0;
}

/** undefined: none was started here, or it is gone. */
function readState() {
  try {
    const running = JSON.parse(readFileSync(stateFile, 'utf8'));
    return isAlive(running.pid) ? running : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
