// What compaction makes of an hour of a steady feed, and what its files cost a query.
// `node bench/compaction.mjs` (after `npm run build`). Nothing here asserts anything.
//
// The hour is run BENCH_SPEED times as fast: every interval that the engine keeps by the clock is shortened alike. Upkeep takes a
// quarter of a core at most: at some 40 times the speed, or on a busy machine, it falls behind and more files are seen.
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { COMPACTION_LIMITS, DuckDbLake, LakeReader, LakeUpkeep } from '@engine/lake';
import { silverTicks, TableBuilder, tables } from '@engine/medallion';
import { childrenOf, cpuSecondsOf, memoryOf, newFolder, startEngine } from './engine.mjs';

const SPEED = Number(process.env.BENCH_SPEED ?? 20);
const TICKS_A_SECOND = 50;
const ROWS = Number(process.env.BENCH_ROWS ?? 10_000_000);
const LANES = 4;

async function hour() {
  const folder = newFolder();
  const data = join(folder, 'data');
  const up = await startEngine(['--no-dashboard', '--data', data], {
    FEED_RATE: String(TICKS_A_SECOND * SPEED),
    SEGMENT_MAX_MS: String(Math.round(10_000 / SPEED)),
    SNAPSHOT_MS: String(Math.round(30_000 / SPEED)),
    COMPACT_GRACE_MS: String(Math.round(900_000 / SPEED)),
    COMPACT: process.env.COMPACT ?? 'on',
  });
  const reader = await LakeReader.open({ folder: join(data, 'lake') });
  const pids = childrenOf(up.pid);
  const peaks = {};
  let most = 0;
  const until = performance.now() + 3_600_000 / SPEED;
  while (performance.now() < until) {
    await setTimeout(500);
    await reader.refresh();
    most = Math.max(most, ...filesPerChain(reader).values());
    for (const [app, pid] of Object.entries(pids))
      peaks[app] = Math.max(peaks[app] ?? 0, memoryOf(pid).anonymous);
  }
  const cpu = Object.fromEntries(Object.entries(pids).map(([app, pid]) => [app, cpuSecondsOf(pid)]));
  await up.stop();
  await reader.refresh();
  const counts = filesPerChain(reader);
  console.log(
    `an hour at ${SPEED} times its speed, ${TICKS_A_SECOND} ticks/s: files on the walk, by table and lane`,
  );
  console.log('  at most, at any moment', most);
  console.log('  at the end', Object.fromEntries(counts));
  console.log('  of these not compacted, by table', plainSegments(reader));
  console.log('  CPU seconds', cpu, 'anonymous memory at most, MiB', peaks);
  reader.close();
  rmSync(folder, { recursive: true });
}

function filesPerChain(reader) {
  const counts = new Map();
  for (const { name } of tables)
    for (const file of reader.files(name)) {
      const chain = file.slice(file.indexOf(name)).split('/').slice(0, 3).join('/');
      counts.set(chain, (counts.get(chain) ?? 0) + 1);
    }
  return counts;
}

const plainSegments = (reader) =>
  Object.fromEntries(
    tables.map(({ name }) => [
      name,
      reader.files(name).reduce((sum, file) => sum + (/\.l\d\.parquet$/.test(file) ? 0 : 1), 0),
    ]),
  );

/** A day of segments as they come, compacted as the engine does; against the same rows in one file, sorted likewise. */
async function query() {
  const folder = newFolder();
  const upkeep = await LakeUpkeep.open({
    folder,
    layer: 'silver',
    rules: { compaction: COMPACTION_LIMITS, retentionMs: null, graceMs: 0 },
  });
  const { compactions, rows, seconds } = await writeTicks(folder, upkeep);
  upkeep.close();
  console.log(
    `${compactions} compactions: ${Math.round(rows / seconds)} rows/s, ` +
      `each row written ${(rows / ROWS).toFixed(1)} times more`,
  );
  const many = await report(folder, 'compacted');
  const one = await timeOneFile(folder);
  for (const [name, { wall, cpu }] of Object.entries(many)) {
    const [wallRatio, cpuRatio] = [wall / one[name].wall, cpu / one[name].cpu].map((ratio) =>
      ratio.toFixed(2),
    );
    console.log(`  ${name}: ${wallRatio} times as long as over one file, ${cpuRatio} times the CPU`);
  }
  rmSync(folder, { recursive: true });
}

const QUERIES = {
  'all symbols': (from) => `SELECT symbol, count(*), avg(price), max(sma) FROM ${from} GROUP BY symbol`,
  'one symbol': (from) => `SELECT count(*), avg(price), max(sma) FROM ${from} WHERE symbol = 'SYM17'`,
};

async function report(folder, what) {
  const reader = await LakeReader.open({ folder });
  console.log(`${what}: ${reader.files('silver/ticks').length} files`);
  const times = await timed((sql) => reader.query(sql('silver_ticks')));
  reader.close();
  return times;
}

async function timeOneFile(folder) {
  // As the lake's own readers have it: nothing of a file is kept in memory from one query to the next. Row groups are as large as
  // those of merged files, about.
  const settings = { threads: '1', memory_limit: '1GB', enable_external_file_cache: 'false' };
  const instance = await DuckDBInstance.create(':memory:', settings);
  const connection = await instance.connect();
  const reader = await LakeReader.open({ folder });
  const files = reader.files('silver/ticks').map((file) => `'${file}'`);
  reader.close();
  const file = join(folder, 'one.parquet');
  await connection.run(
    `COPY (SELECT * FROM read_parquet([${files}]) ORDER BY symbol, event_time)
     TO '${file}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 32768, WRITE_BLOOM_FILTER false)`,
  );
  console.log(`one file: ${Math.round(statSync(file).size / 1e6)} MB`);
  const times = await timed(async (sql) => (await connection.runAndReadAll(sql(`'${file}'`))).getRows());
  connection.closeSync();
  instance.closeSync();
  return times;
}

async function timed(run) {
  const medians = {};
  for (const [name, sql] of Object.entries(QUERIES)) {
    const times = { wall: [], cpu: [] };
    for (let at = 0; at < 15; at++) {
      const [began, used] = [performance.now(), process.cpuUsage()];
      await run(sql);
      const { user, system } = process.cpuUsage(used);
      times.wall.push((performance.now() - began) / 1000);
      times.cpu.push((user + system) / 1e6);
    }
    const [wall, cpu] = [times.wall, times.cpu].map((each) => each.sort((one, other) => one - other)[7]);
    medians[name] = { wall, cpu };
    console.log(`  ${name}: ${wall.toFixed(3)} s, ${cpu.toFixed(3)} s of CPU`);
  }
  return medians;
}

/** As many segments as a day has, tended as they come; says what that took. */
async function writeTicks(folder, upkeep) {
  const lake = await DuckDbLake.open({ folder });
  const segments = Number(process.env.BENCH_SEGMENTS ?? 8640);
  const rowsEach = Math.max(1, Math.floor(ROWS / LANES / segments));
  const done = { compactions: 0, rows: 0, seconds: 0 };
  for (let lane = 0; lane < LANES; lane++) {
    const chain = await lake.open(silverTicks, lane);
    for (let at = 0; at < segments; at++) {
      await chain.publish({ ...draftOf(chain.end, rowsEach, lane), rules: 'bench', topic: 'bench' });
      if (at % 8 === 0) await tendThrough(upkeep, lane, done);
    }
  }
  lake.close();
  return done;
}

/** As the engine does: what was compacted may be enough for the level above. */
async function tendThrough(upkeep, lane, done) {
  for (let times = 0; times < 4; times++) {
    const began = performance.now();
    const { compaction } = await upkeep.tend(silverTicks, lane);
    if (compaction === undefined) return;
    done.compactions++;
    done.rows += compaction.rows;
    done.seconds += (performance.now() - began) / 1000;
  }
}

function draftOf(first, rows, lane) {
  const builder = new TableBuilder(silverTicks);
  const { columns } = builder;
  for (let offset = first; offset < first + rows; offset++) {
    columns.lane_offset.push(offset);
    columns.lane_index.push(0);
    columns.symbol.push(`SYM${((offset * 31) % 25) * LANES + lane}`);
    columns.event_time.push(1_700_000_000_000_000 + offset * 1000);
    columns.price.push(100 + (offset % 977) / 100);
    columns.size.push(offset % 500);
    columns.side.push(offset % 2 === 0 ? 'buy' : 'sell');
    columns.trade_id.push(`t${offset}`);
    columns.source.push('bench');
    columns.origin_partition.push(lane);
    columns.origin_offset.push(offset);
    columns.origin_index.push(0);
    columns.verdict.push('accepted');
    columns.in_order.push(true);
    columns.log_return.push((offset % 101) / 1e5);
    columns.sma.push(100 + (offset % 991) / 100);
    columns.volatility.push((offset % 103) / 1e5);
    columns.record_time.push(1_700_000_000_000_500 + offset * 1000);
  }
  return { next: first + rows, batches: [builder.take()], watermark: null, lanes: null, through: null };
}

const wanted = process.argv.slice(2);
if (wanted.length === 0 || wanted.includes('hour')) await hour();
if (wanted.length === 0 || wanted.includes('query')) await query();
