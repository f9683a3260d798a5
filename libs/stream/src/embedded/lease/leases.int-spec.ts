import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogProcess } from '../../../test/log-process-handle.js';
import type { Seen } from '../../../test/log-process-handle.js';
import { RecordingListener, waitUntil } from '../../testing.js';
import { EmbeddedLog } from '../embedded-log.js';
import { LeaseFolder } from './lease-folder.js';
import { thisProcess } from './process-identity.js';
import { defaultLeaseTimes } from './process-lease.js';
import { Pulses, machineMs } from './pulses.js';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const group = 'layer';
const topic = 'ticks';
const forever = 2 ** 40;

/** For tests that start several processes on a machine that is busy otherwise. */
const patienceMs = 90_000;

describe('processes of one group', () => {
  let folder: string;
  let positions: string;
  let log: EmbeddedLog;
  const processes: LogProcess[] = [];
  const onEnd: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leases-'));
    positions = join(folder, 'positions');
    await mkdir(positions);
    log = await EmbeddedLog.open(join(folder, 'log'));
    await log.ensureTopic({ name: topic, partitions: 4 });
  });

  afterEach(async () => {
    await Promise.all(processes.splice(0).map((each) => each.kill()));
    for (const end of onEnd.splice(0)) await end();
    await log.close();
    await rm(folder, { recursive: true });
  });

  /** A process that has joined. Without `leaseMs` only its death frees what it has. */
  async function member(leaseMs = forever): Promise<LogProcess> {
    const started = await opened(leaseMs);
    await started.ask('join', { topic, group, positions });
    return started;
  }

  async function opened(leaseMs = forever): Promise<LogProcess> {
    const renewMs = Math.min(leaseMs / 5, 3_000);
    const started = await LogProcess.at(join(folder, 'log'), { leases: { leaseMs, renewMs } });
    processes.push(started);
    return started;
  }

  async function send(partition: number, ...numbers: number[]): Promise<void> {
    const producer = await log.createProducer();
    await producer.send(
      topic,
      numbers.map((n) => ({ partition, key: 'k', value: `${n}` })),
    );
    await producer.close();
  }

  const positionOf = (partition: number): number => {
    const file = join(positions, `${partition}`);
    return existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  };

  const numbersSeen = (each: LogProcess, partition: number): number[] =>
    each.seen.filter(([of]) => of === partition).map(([, , , number]) => number);

  it(
    'share, and each record goes to one of them',
    async () => {
      const first = await member();
      const second = await member();
      await first.untilTold('revoked 2 3');
      await second.untilTold('assigned 2 3');
      for (const partition of upTo(4)) await send(partition, 0, 1, 2);
      await waitUntil(() => first.seen.length + second.seen.length >= 12);
      for (const partition of upTo(4)) {
        expect(numbersSeen(partition < 2 ? first : second, partition)).toEqual([0, 1, 2]);
      }
      expect(first.seen.length + second.seen.length).toBe(12);
    },
    patienceMs,
  );

  it(
    'take over what a killed one had, however long its lease was',
    async () => {
      const victim = await member();
      const heir = await member();
      await heir.untilTold('assigned 2 3');
      await send(0, 0, 1, 2);
      await waitUntil(() => positionOf(0) === 3);
      await victim.kill();
      await heir.untilTold('assigned 0 1');
      await send(0, 3);
      await waitUntil(() => numbersSeen(heir, 0).length > 0);
      expect(numbersSeen(heir, 0)).toEqual([3]);
      expect(heir.calls).not.toContain('revoked 2 3');
    },
    patienceMs,
  );

  it(
    'take over from one that does not go on, which learns it when it does, and may come back',
    async () => {
      const sleeper = await member(2_000);
      await sleeper.ask('hold');
      await send(0, 0);
      await sleeper.untilTold('batch');
      sleeper.signal('SIGSTOP');
      const heir = await member();
      await heir.untilTold('assigned 0 1 2 3');
      await waitUntil(() => heir.seen.length === 1);
      sleeper.signal('SIGCONT');
      await sleeper.ask('letGo');
      // It may come back once it has given up what it had, and then has what the heir has given up for it.
      await sleeper.untilTold('assigned 2 3');
      expect(sleeper.calls).toEqual([
        'assigned 0 1 2 3',
        'batch',
        'stale',
        'revoked 0 1 2 3',
        'assigned 2 3',
      ]);
      expect(heir.calls).toContain('revoked 2 3');
      await send(2, 7);
      await waitUntil(() => sleeper.seen.length > 0);
      expect(numbersSeen(sleeper, 2)).toEqual([7]);
    },
    patienceMs,
  );

  it(
    'hand over when one is asked to end, after its batch at hand',
    async () => {
      const leaving = await member();
      await leaving.ask('hold');
      const heir = await opened();
      await send(0, 0);
      await leaving.untilTold('batch');
      await heir.ask('join', { topic, group, positions });
      await heir.untilTold('assigned 2 3');
      leaving.signal('SIGTERM');
      await leaving.ask('letGo');
      await heir.untilTold('assigned 0 1');
      await send(0, 1);
      await waitUntil(() => heir.seen.length > 0);
      expect(numbersSeen(heir, 0)).toEqual([1]);
      const own = leaving.calls.filter((call) => typeof call === 'string');
      expect(own).toEqual(['assigned 0 1 2 3', 'batch', 'revoked 2 3', 'not stale', 'revoked 0 1']);
      expect(numbersSeen(leaving, 0)).toEqual([0]);
    },
    patienceMs,
  );

  it(
    'do not take a process with a used pid for the one that had it before',
    async () => {
      const folderOfLog = join(folder, 'log');
      const leases = new LeaseFolder(folderOfLog, defaultLeaseTimes);
      onEnd.push(() => leases.close());
      const book = leases.book(topic, group, 4);
      const own = thisProcess();
      const forge = async (started: string): Promise<void> => {
        const forged = { id: 'forged', leaseMs: forever, process: { ...own, started } };
        await book.update(() => ({ members: [forged], owners: upTo(4).map(() => 'forged') }));
      };
      new Pulses(join(folderOfLog, '@leases', 'pulses')).begin('forged');
      await forge(own.started);
      const listener = new RecordingListener();
      const consumer = log.createConsumer({ topic, group });
      await consumer.start(listener);
      // The pid and the start are those of a living process: it is waited for.
      expect(listener.calls).toEqual([]);
      await forge('1');
      await waitUntil(() => listener.calls.length > 0);
      expect(listener.calls).toEqual(['assigned 0 1 2 3']);
      const { members } = await book.read();
      expect(members.map(({ process: { pid } }) => pid)).toEqual([process.pid]);
      expect(members[0]?.id).not.toBe('forged');
      // Of those who are gone no file is left, nor of those who have left.
      expect(await readdir(join(folderOfLog, '@leases', 'pulses'))).toEqual([members[0]?.id]);
      await consumer.stop();
      expect(await readdir(join(folderOfLog, '@leases', 'pulses'))).toEqual([]);
      expect(await book.read()).toEqual({ members: [], owners: [null, null, null, null] });
    },
    patienceMs,
  );

  it(
    'keep what nobody else came for while they were too busy taking it to renew their leases',
    async () => {
      const leases = { leaseMs: 2_000, renewMs: 200 };
      const busy = await EmbeddedLog.open(join(folder, 'log'), { leases });
      onEnd.push(() => busy.close());
      await send(0, 0);
      const until = machineMs() + leases.leaseMs + 100;
      const listener = new RecordingListener({
        position: () => {
          while (machineMs() < until) readFileSync(new URL(import.meta.url));
          return 0;
        },
      });
      await busy.createConsumer({ topic, group }).start(listener);
      await listener.untilRecords(1);
      expect(listener.calls).toEqual(['assigned 0 1 2 3', 'batch']);
    },
    patienceMs,
  );

  it(
    'start with what is left by processes that were all killed',
    async () => {
      const victims = [await member(), await member()];
      await victims[1]!.untilTold('assigned 2 3');
      await Promise.all(victims.map((victim) => victim.kill()));
      const next = await member();
      expect(next.calls).toEqual(['assigned 0 1 2 3']);
    },
    patienceMs,
  );

  it(
    'deliver every record, in order while a partition is theirs, through ten joins and leaves',
    async () => {
      let sent = 0;
      const sendMore = async (): Promise<void> => {
        const numbers = upTo(10).map((i) => sent + i);
        sent += 10;
        for (const partition of upTo(4)) await send(partition, ...numbers);
      };
      const everyone = [await member()];
      const present = [...everyone];
      for (const round of upTo(10)) {
        const joining = await member();
        everyone.push(joining);
        present.push(joining);
        await sendMore();
        const leaving = present.shift()!;
        if (round % 2 === 0) await leaving.kill();
        else leaving.signal('SIGTERM');
        await sendMore();
      }
      const deliveredOf = (partition: number): Set<number> =>
        new Set(everyone.flatMap((each) => numbersSeen(each, partition)));
      await waitUntil(() => upTo(4).every((partition) => deliveredOf(partition).size === sent));
      for (const each of everyone) {
        for (const stint of upTo(4).flatMap((partition) => stintsOf(each, partition))) {
          expect(stint).toEqual(upTo(stint.length).map((i) => stint[0]! + i));
        }
      }
    },
    patienceMs,
  );
});

/** The numbers a process has seen of a partition, by the times that it was its own. */
function stintsOf({ calls }: LogProcess, partition: number): number[][] {
  const stints: number[][] = [];
  for (const call of calls) {
    if (typeof call !== 'string') stints.at(-1)?.push(...numbersOf(call, partition));
    else if (call.startsWith('assigned') && call.split(' ').includes(`${partition}`)) stints.push([]);
  }
  return stints;
}

function numbersOf(seen: readonly Seen[], partition: number): number[] {
  return seen.filter(([of]) => of === partition).map(([, , , number]) => number);
}
