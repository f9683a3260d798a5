import { Script } from './faults/script.js';
import { LANE_0, LANE_1, play, ticks } from './scripted-world.contract.js';

const lost = { landsAfterMs: null, isAnswered: false };
const late = { landsAfterMs: 2_500, isAnswered: false };
const unanswered = { landsAfterMs: 1, isAnswered: false };
const crashAfter = { kind: 'crash', when: 'after' } as const;

/** Each would lose, double or stop something if its rule did not hold. What must hold then is checked by `play`. */
describe('emission', () => {
  it('E1: a send that lands after the next one', async () => {
    const script = new Script().sends(/^bronze-ticks\/0/, late);
    await play({ script, market: { 100: [ticks(0, LANE_0)], 200: [ticks(0, LANE_0)] } });
  });

  it('E1: a send that is lost is not passed over', async () => {
    const script = new Script().sends(/^bronze-ticks\/0/, lost);
    await play({ script, market: { 100: [ticks(0, LANE_0)], 200: [ticks(0, LANE_0)] } });
  });

  it('E1: a send of which one lane got its part is not done', async () => {
    const script = new Script().sends(/^bronze-ticks\/1/, lost);
    const both = [ticks(0, LANE_1), ticks(0, LANE_0)];
    await play({ script, market: { 100: both, 200: [ticks(0, LANE_0)], 300: [ticks(0, LANE_1)] } });
  });

  it('E1: no partition of a send that failed goes on without the others', async () => {
    const script = new Script().sends(/^bronze-ticks\/0/, lost);
    const both = [ticks(0, LANE_0), ticks(1, LANE_0)];
    await play({ script, market: { 100: both, 200: [ticks(0, LANE_0), ticks(1, LANE_0)] } });
  });

  it('E1: silver and gold send again what was not answered, too', async () => {
    const script = new Script().sends(/^silver-ticks\/0/, unanswered).sends(/^gold-updates\/0/, late);
    await play({ script, market: { 100: [ticks(0, LANE_0)], 200: [ticks(0, LANE_0)] } });
  });

  it('E1: provisional updates wait for the final ones before them', async () => {
    const script = new Script().reads(2).sends(/^gold-updates\/0/, late, 2);
    const market = Object.fromEntries(
      Array.from({ length: 12 }, (_, at) => [100 + at * 30, [ticks(0, LANE_0)]]),
    );
    await play({ script, market });
  });

  it('E2: bronze publishes nothing that no lane has', async () => {
    const script = new Script()
      .sends(/^bronze-ticks\/0/, lost)
      .when(/^bronze\S* fsync \/bronze\/events\/lane=0$/, crashAfter);
    await play({ script, market: { 100: [ticks(0, LANE_0)], 5_000: [ticks(0, LANE_0)] } });
  });

  it('E2: silver takes no snapshot of what gold cannot have', async () => {
    const script = new Script()
      .sends(/^silver-ticks\/0/, lost)
      .when(/^silver\S* fsync \/_state\/silver\/lane=0$/, crashAfter);
    await play({ script, market: { 100: [ticks(0, LANE_0)], 5_000: [ticks(0, LANE_0)] } });
  });

  it('E2: silver sends again from its snapshot on, not from what it has published', async () => {
    const script = new Script()
      .sends(/^silver-ticks\/0/, lost)
      .when(/^silver\S* fsync \/silver\/ticks\/lane=0$/, crashAfter);
    await play({
      script,
      market: { 100: [ticks(0, LANE_0)], 5_000: [ticks(0, LANE_0)] },
      snapshotMs: 60_000,
    });
  });

  it('a zombie sends what its successor has sent long ago', async () => {
    const pause = { kind: 'pause', when: 'before', ms: 8_000 } as const;
    const script = new Script().when(/^bronze-1\S* send bronze-ticks/, pause, 2);
    const market = {
      100: [ticks(0, LANE_0)],
      200: [ticks(0, LANE_0)],
      300: [ticks(0, LANE_0)],
      7_000: [ticks(0, LANE_0)],
    };
    await play({ script, market, instances: 2 });
  });
});

describe('state', () => {
  it('S1: a snapshot holds nothing of what came while it was written', async () => {
    const script = new Script()
      .reads(1)
      .when(/^silver\S* link \/silver\/ticks\/lane=0/, { kind: 'slow', ms: 400 })
      .when(/^silver\S* fsync \/_state\/silver\/lane=0$/, crashAfter);
    const market = Object.fromEntries(
      Array.from({ length: 12 }, (_, at) => [100 + at * 10, [ticks(0, LANE_0)]]),
    );
    await play({ script, market, maxRows: 100 });
  });

  it('S2: a snapshot above the end of a chain that lost its last segment is passed over', async () => {
    const loses = /^\/silver\/ticks\/lane=0/;
    const script = new Script().when(
      /^silver\S* fsync \/_state\/silver\/lane=0$/,
      { kind: 'power loss', loses },
      2,
    );
    await play({
      script,
      market: { 100: [ticks(0, LANE_0)], 200: [ticks(0, LANE_0)], 5_000: [ticks(0, LANE_0)] },
    });
  });

  it('S4: the second tick of a record is another row than the first', async () => {
    const script = new Script().sends(/^bronze-ticks\/0/, unanswered);
    await play({
      script,
      market: { 100: [ticks(0, LANE_0, LANE_0, LANE_1, LANE_0)], 200: [ticks(0, LANE_0)] },
    });
  });

  it('markers may come twice and late', async () => {
    const script = new Script().sends(/^bronze-ticks\/0/, unanswered, 2).sends(/^bronze-ticks\/0/, late, 4);
    await play({ script, market: { 100: [ticks(0, LANE_0)], 20_000: [ticks(0, LANE_0)] } });
  });

  it('a table without rows keeps no snapshot waiting', async () => {
    const trace = await play({ script: new Script(), market: { 100: [ticks(0, LANE_0)] } });
    expect(trace).toMatch(/silver-1.1 +link \/silver\/markers\/lane=0\/0{20}\.parquet/);
    expect(trace).toMatch(/link \/_state\/silver\/lane=0\/0{19}1\.snapshot/);
  });
});

describe('background', () => {
  it('a lane that was opened in an attempt that failed tells of a marker that it could not append', async () => {
    const fails = { kind: 'fail', when: 'before', code: 'EIO' } as const;
    const away = { kind: 'fail', when: 'before', code: 'away' } as const;
    // Its start and the takeover look six times; the seventh look is the first marker's.
    const script = new Script()
      .when(/^silver\S* mkdir \/silver\/ticks\/lane=1/, fails)
      .when(/^silver\S* ranges of bronze-ticks$/, away, 7);
    await play({ script, market: { 1_000: [ticks(0, LANE_0)] } });
  });
});

describe('files', () => {
  it('F1: a listing that passes a name before it is linked, and sees the one behind it', async () => {
    const pause = { kind: 'pause', when: 'before', ms: 700 } as const;
    const script = new Script()
      .reads(1)
      .when(/^reader\S* list \/silver\/ticks\/lane=0$/, pause)
      .misses(/^\/silver\/ticks\/lane=0\/0{18}0[0-8]\.parquet$/);
    const market = Object.fromEntries(
      Array.from({ length: 40 }, (_, at) => [100 + at * 50, [ticks(0, LANE_0)]]),
    );
    await play({ script, market });
  });

  it('F2: an owner that sleeps until its name is free again is told that the chain has moved', async () => {
    const pause = { kind: 'pause', when: 'before', ms: 11_000 } as const;
    const script = new Script().when(/^silver-1\S* link \/silver\/ticks\/lane=\d\/0{19}1\./, pause);
    const both = [ticks(0, LANE_0), ticks(0, LANE_1)];
    const rules = {
      compaction: { maxBytes: 1e9, maxAgeMs: 1e9, minFiles: 2 },
      retentionMs: null,
      graceMs: 100,
    };
    const trace = await play({
      script,
      market: { 100: both, 200: both, 4_500: both, 5_000: both, 5_500: both, 14_000: both },
      instances: 2,
      upkeep: { rules: () => rules, graceMs: rules.graceMs, everyMs: 200 },
      untilMs: 14_000,
    });
    expect(trace).toMatch(/silver-2\S+ +unlink \/silver\/ticks\/lane=\d\/0{19}1\.parquet/);
  });

  it('F5: an owner that sleeps while what it would retire becomes part of something larger sets no floor in there', async () => {
    const pause = { kind: 'pause', when: 'after', ms: 11_000 } as const;
    const script = new Script().when(/^silver-1\S* stat \/silver\/ticks\/lane=\d\/0{19}2\.parquet$/, pause);
    const both = [ticks(0, LANE_0), ticks(0, LANE_1)];
    const rules = {
      compaction: { maxBytes: 1e9, maxAgeMs: 1e9, minFiles: 2 },
      retentionMs: 9_000,
      graceMs: 100,
    };
    const trace = await play({
      script,
      market: { 100: both, 200: both, 400: both, 5_000: both, 5_500: both, 6_000: both, 14_000: both },
      instances: 2,
      upkeep: { rules: () => rules, graceMs: rules.graceMs, everyMs: 200 },
      untilMs: 14_000,
    });
    expect(trace).toMatch(/silver-2\S+ +unlink \/silver\/ticks\/lane=\d\/0{20}\.l1\.parquet/);
    expect(trace).toMatch(/silver-1\S+ +link \/silver\/ticks\/lane=\d\/0{20}\.l2\.parquet/);
  });

  it('a segment whose owner died before it synced the name outlives the clean stop of the next one', async () => {
    const script = new Script().when(/^bronze\S* fsync \/bronze\/events\/lane=0$/, {
      kind: 'crash',
      when: 'before',
    });
    await play({ script, market: { 100: [ticks(0, LANE_0)] }, seed: 2 });
  });

  it('of two owners of a lane one publishes, and the other goes on behind it', async () => {
    const pause = { kind: 'pause', when: 'before', ms: 6_000 } as const;
    const script = new Script().when(/^silver-1\S* link \/silver\/ticks\/lane=\d\//, pause);
    const market = { 100: [ticks(0, LANE_0), ticks(0, LANE_1)], 4_500: [ticks(0, LANE_0), ticks(0, LANE_1)] };
    const trace = await play({ script, market, instances: 2 });
    expect(trace).toMatch(/session of silver-1.1 ends/);
  });

  it('a zombie publishes less than its successor has read, in a market that has gone quiet', async () => {
    const pause = { kind: 'pause', when: 'before', ms: 6_000 } as const;
    const script = new Script().when(/^bronze-1\S* write \/bronze\/events\/lane=0/, pause);
    const market = { 100: [ticks(0, LANE_0)], 3_500: [ticks(0, LANE_0)], 8_000: [ticks(0, LANE_0)] };
    await play({ script, market, instances: 2, maxRows: 100, maxMs: 4_000 });
  });
});
