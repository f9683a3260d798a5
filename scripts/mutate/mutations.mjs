/**
 * What the engine's promises rest on, one by one: how to take it away, and the test that must notice. `replace` stands in
 * the file exactly once; `test` is a suite of `project`, `named` a part of the names of its tests. `played`: so the scene of
 * the simulation begins (libs/simulation, counterexamples) that must notice as well. `unseen`: why no world of the simulation
 * can notice.
 *
 * @typedef {{ protection: string, file: string, replace: string, by: string, project: string, test: string, named: string, played?: string, unseen?: string }} Mutation
 */

const chain = 'libs/lake/src/duckdb-chain.ts';
const upkeepRules = { project: 'libs/lake', test: 'upkeep-rules.spec' };
const powerLoss = { project: 'libs/pipeline', test: 'power-loss.sim-spec', named: 'seed 1' };

/** A scene of the simulation whose name begins so. */
export const scene = (named) => ({ project: 'libs/simulation', test: 'counterexamples.sim-spec', named });

/** @type {readonly Mutation[]} */
export const mutations = [
  {
    protection: 'a segment is synced before it gets its name',
    file: chain,
    replace: 'await this.tools.files.syncFile(temporary);',
    by: '',
    ...powerLoss,
  },
  {
    protection: 'a name is synced before its segment counts as published',
    file: chain,
    replace: `!(await this.#isOwn(name, footer))) return false;
    await this.tools.files.syncFolder(this.folder);`,
    by: '!(await this.#isOwn(name, footer))) return false;',
    ...powerLoss,
  },
  {
    protection: 'names that an owner finds are synced before it goes on behind them',
    file: chain,
    replace: 'if (chain.end > 0) await tools.files.syncFolder(folder);',
    by: '',
    ...scene('a segment whose owner died'),
  },
  {
    protection: 'a name that is taken is not taken again (link)',
    file: chain,
    replace: 'await this.tools.files.link(temporary, join(this.folder, name));',
    by: 'await this.tools.files.replace(temporary, join(this.folder, name));',
    project: 'libs/lake',
    test: 'duckdb-lake.int-spec',
    named: 'lets exactly one of two owners publish at an end',
    played: 'of two owners of a lane',
  },
  {
    protection: 'a name that is free again is not taken below an L1 or the floor (F2)',
    file: chain,
    replace: 'const isPassedBy = isOurs && (await this.#isPassedBy(written.footer.first));',
    by: 'const isPassedBy = false;',
    project: 'libs/lake',
    test: 'publish-faults.int-spec',
    named: 'refuses an owner that publishes',
    played: 'F2',
  },
  {
    protection: 'of two that compact from one place only one gets the name (F3)',
    file: 'libs/lake/src/chain-upkeep.ts',
    replace: 'await files.link(path, join(this.folder, name));',
    by: 'await files.replace(path, join(this.folder, name));',
    ...upkeepRules,
    named: 'F3',
  },
  {
    protection: 'what is compacted begins where the compacted segments end (F4)',
    file: 'libs/lake/src/compaction-plan.ts',
    replace: 'segments.slice(start))',
    by: 'segments.slice(start + 1))',
    ...upkeepRules,
    named: 'F4',
  },
  {
    protection: 'what is compacted is of one level, so that it ends where the one below ends (F4)',
    file: 'libs/lake/src/compaction-plan.ts',
    replace: 'if (segment.level !== level ||',
    by: 'if (segment.level > level ||',
    ...upkeepRules,
    named: 'F4: an L2 ends where an L1 ends',
  },
  {
    protection: 'of two that commit a version of the Delta log only one gets the name',
    file: 'libs/lake/src/delta/delta-log.ts',
    replace: 'await this.files.link(temporary, join(this.folder, name));',
    by: 'await this.files.replace(temporary, join(this.folder, name));',
    project: 'libs/lake',
    test: 'lake-delta.int-spec',
    named: 'is written by the owners of several lanes at once',
    unseen: 'the Delta log is not in the simulation',
  },
  {
    protection: 'the floor goes to the ends of compacted segments only (F5)',
    file: 'libs/lake/src/retention-plan.ts',
    replace: 'segment.level === 0 || ',
    by: '',
    ...upkeepRules,
    named: 'F5',
    unseen: 'what is retired takes all names of its start first (the rule below), which is enough to be safe',
  },
  {
    protection: 'what is retired is of the top level first: no segment is made across the floor (F5)',
    file: 'libs/lake/src/chain-upkeep.ts',
    replace: 'for (const segment of retired) if (!(await this.#raise(segment, TOP_LEVEL))) return undefined;',
    by: '',
    ...upkeepRules,
    named: 'F5: who slept',
    played: 'F5',
  },
  {
    protection: 'covered files stay for a grace (F6)',
    file: 'libs/lake/src/covered-files.ts',
    replace: '.changedMs <= until',
    by: '.changedMs >= 0',
    ...upkeepRules,
    named: 'F6',
  },
  {
    protection: 'the grace counts from the link, not from the writing (F6)',
    file: 'libs/lake/src/covered-files.ts',
    replace: '.changedMs <= until',
    by: '.modifiedMs <= until',
    ...upkeepRules,
    named: 'F6',
  },
  {
    protection: 'names are synced before what they replace is removed',
    file: 'libs/lake/src/covered-files.ts',
    replace: 'await this.files.syncFolder(this.folder);',
    by: '',
    ...upkeepRules,
    named: 'what replaces rows',
  },
  {
    protection: 'a merged file is doubted before it gets a name',
    file: 'libs/lake/src/segment-merger.ts',
    replace: 'if (rows !== footer.rows || content !== footer.content)',
    by: 'if (rows < 0)',
    project: 'libs/lake',
    test: 'lake-upkeep.int-spec',
    named: 'compacts nothing of a segment',
    unseen: 'DuckDB is not in the simulation',
  },
  {
    protection: 'rows seen before are dropped (trim)',
    file: 'libs/contracts/src/trim.ts',
    replace: 'if (offset > mark.offset || (offset === mark.offset && index > mark.index)) {',
    by: 'if (offset >= 0) {',
    project: 'libs/pipeline',
    test: 'memory-pipeline.spec',
    named: 'sends the same rows again',
    played: 'E1: a send that lands after',
  },
  {
    protection: 'a coordinate is (offset, index), not the offset alone (S4)',
    file: 'libs/contracts/src/trim.ts',
    replace: 'if (offset > mark.offset || (offset === mark.offset && index > mark.index)) {',
    by: 'if (offset > mark.offset) {',
    project: 'libs/contracts',
    test: 'no-row-lost-no-row-twice.spec',
    named: 'arrive once and in order',
    played: 'S4',
  },
  {
    protection: 'a message that follows a row never seen stops the lane (prev)',
    file: 'libs/contracts/src/trim.ts',
    replace:
      'if (wanted !== null && isAbove(wanted, highWater)) throw new GapError(partition, wanted, highWater);',
    by: '',
    project: 'libs/pipeline',
    test: 'guards.spec',
    named: 'a message whose predecessor never came',
    unseen: 'a safety net: it only shows where another protection is gone',
  },
  {
    protection: 'a snapshot is the state at the cut (S1)',
    file: 'libs/pipeline/src/lane-checkpoints.ts',
    replace: `const snapshot = this.checkpointed.copy(isFinal);
    await tables.checkpoint();`,
    by: `const { offset } = this.checkpointed.copy(isFinal);
    await tables.checkpoint();
    const snapshot = { ...this.checkpointed.copy(isFinal), offset };`,
    project: 'libs/pipeline',
    test: 'recovery.spec',
    named: 'S1',
    played: 'S1',
  },
  {
    protection: 'a snapshot above the end of a chain is passed over (S2)',
    file: 'libs/pipeline/src/lane-recovery.ts',
    replace: 'if (this.remains.chains.some((chain) => chain.end < snapshot.offset)) return undefined;',
    by: '',
    project: 'libs/pipeline',
    test: 'recovery.spec',
    named: 'S2',
    played: 'S2',
  },
  {
    protection: 'snapshots above the end of a chain push out none that can be used (S3)',
    file: 'libs/lake/src/snapshot-names.ts',
    replace: '.filter((offset) => offset <= end)',
    by: '.filter((offset) => offset <= end || offset > end)',
    project: 'libs/pipeline',
    test: 'recovery.spec',
    named: 'S3',
  },
  {
    protection: 'bronze publishes what all lanes have acknowledged, and nothing before (E2)',
    file: 'libs/pipeline/src/bronze-runner.ts',
    replace: `    await Promise.all([
      this.#ticks.send(this.topics.bronzeTicks, this.#messages(output)),
      this.#letters.send(this.topics.deadLetters, this.#deadLetters(output)),
    ]);
    if (batch.isStale()) return;
    this.#acknowledge(batch.records, output);`,
    by: `    const sent = this.#ticks.send(this.topics.bronzeTicks, this.#messages(output));
    this.#acknowledge(batch.records, output);
    await Promise.all([
      sent,
      this.#letters.send(this.topics.deadLetters, this.#deadLetters(output)),
    ]);`,
    project: 'libs/pipeline',
    test: 'bronze-publishes-what-is-acknowledged.spec',
    named: 'E2',
    played: 'E2: bronze publishes',
  },
  {
    protection: 'no snapshot before everything below it is acknowledged (E2)',
    file: 'libs/pipeline/src/lane-runner.ts',
    replace: `    await this.emit(emitted);
    this.#checkpoints?.batchEnded();`,
    by: `    this.#checkpoints?.batchEnded();
    await this.emit(emitted);`,
    project: 'libs/pipeline',
    test: 'recovery.spec',
    named: 'E2',
    played: 'E2: silver takes no snapshot',
  },
  {
    protection: 'after an unknown outcome the same rows go out again, and nothing later before (E1)',
    file: 'libs/pipeline/src/emitter.ts',
    replace: '() => this.#sendOnce(topic, records)',
    by: '() => this.#sendOnce(topic, records).catch(() => undefined)',
    project: 'libs/pipeline',
    test: 'memory-pipeline.spec',
    named: 'after an unknown outcome',
    played: 'E1:',
  },
  {
    protection: 'a producer that has failed is replaced before anything is sent again',
    file: 'libs/pipeline/src/emitter.ts',
    replace: `      await this.#discardProducer();
      throw error;`,
    by: '      throw error;',
    project: 'libs/pipeline',
    test: 'emitter.spec',
    named: 'goes on with another producer after a failure',
    unseen: 'a simulated producer that has failed is as good as another one',
  },
  {
    protection: 'Kafka hears of a member however long its batch takes (heartbeat)',
    file: 'libs/stream/src/kafka/group/group-session.ts',
    replace: 'setInterval(() => void this.beat(), ',
    by: 'setInterval(() => undefined, ',
    project: 'libs/stream',
    test: 'group/kafka-processes.int-spec',
    named: 'keep what they have while a batch takes longer than a session',
    unseen: 'Kafka is not in the simulation',
  },
  {
    protection: 'a member takes no partition that another one owns (lease)',
    file: 'libs/stream/src/group/group.ts',
    replace: 'const free = partitionsOf(group, null);',
    by: 'const free = group.owners.flatMap((owner, partition) => (owner === id ? [] : [partition]));',
    project: 'libs/stream',
    test: 'group/group.spec',
    named: 'takes nothing that is not free',
    unseen: 'leases give progress, not safety: two owners come out right',
  },
  {
    protection: 'whoever has lost its lease learns it before it goes on (lease)',
    file: 'libs/stream/src/consumer/lane-loop.ts',
    replace: '!this.isHeld() || this.#assignments.some',
    by: 'this.#assignments.some',
    project: 'libs/stream',
    test: 'memory/memory-log.spec',
    named: 'takes the lanes of a group from those who were stopped',
    unseen: 'leases give progress, not safety: two owners come out right',
  },
  {
    protection: 'a batch that was dropped as stale comes again (lease)',
    file: 'libs/stream/src/consumer/lane-loop.ts',
    replace: 'if (batch.wasStale) await this.#takeAgain(batch.lanes);',
    by: '',
    project: 'libs/stream',
    test: 'consumer/pull-consumer.spec',
    named: 'loses nothing of a batch',
  },
  {
    protection: 'what was fetched while leases had run out is delivered when they are renewed (lease)',
    file: 'libs/stream/src/consumer/lane-loop.ts',
    replace: 'if (this.parts.isHeld()) return true;',
    by: 'return true;',
    project: 'libs/stream',
    test: 'consumer/pull-consumer.spec',
    named: 'delivers what came meanwhile',
  },
  {
    protection: 'a snapshot that is not what was written is not read (checksum)',
    file: 'libs/lake/src/snapshot-bytes.ts',
    replace: 'if (header.bytes !== body.length || header.sha256 !== digest(header, body))',
    by: 'if (header.bytes !== body.length)',
    project: 'libs/lake',
    test: 'file-snapshot-store.int-spec',
    named: 'cannot be read, whichever byte it is',
    unseen: 'no fault changes single bytes',
  },
  {
    protection: 'sends go out one after the other (E1)',
    file: 'libs/pipeline/src/emitter.ts',
    replace: 'this.#queue.then(() => this.#sendAll(topic, records));',
    by: 'this.#sendAll(topic, records);',
    project: 'libs/pipeline',
    test: 'emitter.spec',
    named: 'E1: sends nothing later',
  },
  {
    protection: 'what was sent on begins again at the snapshot, not where the tables end (E2)',
    file: 'libs/pipeline/src/lane-recovery.ts',
    replace: 'return { position: 0, state,',
    by: 'return { position: Math.max(...this.remains.chains.map(({ end }) => end)), state,',
    ...scene('E2: silver sends again from its snapshot'),
  },
  {
    protection: 'a table without rows publishes an empty segment at a checkpoint',
    file: 'libs/pipeline/src/segment-buffer.ts',
    replace: 'if (this.cutNow().next > this.#cutTo) this.#cut();',
    by: 'if (this.#waiting.rows > 0) this.#cut();',
    ...scene('a table without rows'),
  },
  {
    protection: 'a reader walks the chain and stops at the first hole (F1)',
    file: 'libs/lake/src/chain-walk.ts',
    replace: 'if (level === undefined || name === undefined) break;',
    by: `if (level === undefined || name === undefined) {
      const passed = end;
      end = Math.min(...[...(listing.levels.get(0)?.keys() ?? [])].filter((first) => first > passed));
      if (end !== Infinity) continue;
      end = passed;
      break;
    }`,
    ...scene('F1'),
  },
  {
    protection: 'a reader takes the highest level that there is (F1)',
    file: 'libs/lake/src/chain-walk.ts',
    replace: '[...listing.levels].reverse()',
    by: '[...listing.levels]',
    project: 'libs/lake',
    test: 'chain-walk.spec',
    named: 'the highest level',
  },
  {
    protection: 'a lane that finds its chain moved is taken up again although nothing comes',
    file: 'libs/pipeline/src/segment-buffer.ts',
    replace: 'this.#failed?.(error);',
    by: '',
    project: 'libs/pipeline',
    test: 'guards.spec',
    named: 'finds its chain moved',
    played: 'a zombie publishes less',
  },
];
