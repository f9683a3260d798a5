/**
 * The embedded log, measured: append throughput, append to seen between two processes, and what an idle consumer costs.
 * Needs a build. `node bench/stream.mjs`
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { EmbeddedLog } from '@engine/stream/embedded';

const partitions = 4;
const record = (i) => ({ partition: i % partitions, key: 'AAPL', value: 'x'.repeat(200) });
const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))].toFixed(2);

async function child(folder) {
  const log = await EmbeddedLog.open(folder);
  const latencies = [];
  const consumer = log.createConsumer({ topic: 'latency' });
  await consumer.start({
    assigned: async (all) => new Map(all.map((partition) => [partition, 0])),
    batch: async ({ records }) => {
      const now = performance.timeOrigin + performance.now();
      for (const { headers } of records) latencies.push(now - Number(headers.sent));
    },
    revoked: async () => undefined,
  });
  process.on('message', async () => {
    await log.close();
    process.send(latencies, () => process.disconnect());
  });
  process.send('ready');
}

/** Clock ticks of CPU time that a process has used, from /proc. */
async function cpuSeconds(pid) {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function throughput(log, batch) {
  const topic = `append-${batch}`;
  await log.ensureTopic({ name: topic, partitions });
  const producer = await log.createProducer();
  const records = Array.from({ length: batch }, (_, i) => record(i));
  const started = performance.now();
  let sends = 0;
  while (performance.now() - started < 2_000) {
    await producer.send(topic, records);
    sends++;
  }
  const seconds = (performance.now() - started) / 1_000;
  console.log(
    `append, ${batch} records of 200 bytes a send: ${Math.round((sends * batch) / seconds)} records/s, ` +
      `${Math.round(sends / seconds)} sends/s`,
  );
  return topic;
}

async function reading(log, topic) {
  const started = performance.now();
  let count = 0;
  for (let partition = 0; partition < partitions; partition++) {
    for (let from = 0; ;) {
      const records = await log.read(topic, partition, from, {
        maxRecords: 5_000,
        maxBytes: 8 * 1024 * 1024,
      });
      if (records.length === 0) break;
      from += records.length;
      count += records.length;
    }
  }
  console.log(`read back: ${Math.round(count / ((performance.now() - started) / 1_000))} records/s`);
}

async function latency(log, folder) {
  await log.ensureTopic({ name: 'latency', partitions });
  const reader = fork(fileURLToPath(import.meta.url), ['child', folder]);
  await once(reader, 'message');
  await pause(1_000);
  const before = await cpuSeconds(reader.pid);
  await pause(10_000);
  const idle = (await cpuSeconds(reader.pid)) - before;
  console.log(`idle consumer of ${partitions} partitions: ${(idle * 10).toFixed(2)} % of a core`);
  const producer = await log.createProducer();
  for (let i = 0; i < 1_000; i++) {
    const sent = `${performance.timeOrigin + performance.now()}`;
    await producer.send(
      'latency',
      Array.from({ length: 100 }, (_, n) => ({ ...record(n), headers: { sent } })),
    );
    await pause(5);
  }
  await pause(100);
  reader.send('report');
  const [latencies] = await once(reader, 'message');
  latencies.sort((a, b) => a - b);
  console.log(
    `append to seen in another process, 100 records every 5 ms (${latencies.length} seen): ` +
      `p50 ${quantile(latencies, 0.5)} ms, p99 ${quantile(latencies, 0.99)} ms`,
  );
}

async function main() {
  const folder = await mkdtemp(join(tmpdir(), 'bench-stream-'));
  const log = await EmbeddedLog.open(folder);
  for (const batch of [1, 100]) await throughput(log, batch);
  await reading(log, await throughput(log, 1_000));
  await latency(log, folder);
  await log.close();
  await rm(folder, { recursive: true });
}

await (process.argv[2] === 'child' ? child(process.argv[3]) : main());
