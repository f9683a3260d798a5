import type { ChangeSignal } from '../../consumer/change-signal.js';
import type { KafkaConnection } from '../kafka-connection.js';
import { errorType, groupErrors } from '../kafka-error.js';
import type { Broker, Cluster, JoinedGroup } from '../kafkajs-internals.js';
import { decodeAssignment, decodeClaim, encodeAssignment, encodeClaim } from './claim-codec.js';
import { assignLanes } from './lane-assignor.js';

export interface GroupSettings {
  readonly groupId: string;
  readonly topic: string;
  readonly partitions: number;
  readonly sessionTimeoutMs: number;
}

/** How long the others wait for a member that is in the middle of something before they go on without it. */
const rebalanceTimeoutMs = 60_000;
const protocolName = 'engine-lanes';

/** One consumer's membership in a group, as Kafka's coordinator knows it, over a connection of its own. */
export class GroupSession {
  readonly #since = Date.now();
  #memberId = '';
  #generation = -1;
  #heldUntilMs = -Infinity;
  #isJoining = false;
  /** Where the coordinator is, as these connections know. */
  #coordinator: { readonly cluster: Cluster; readonly nodeId: string } | undefined;
  #mustJoin = true;
  #heartbeat: Promise<void> | undefined;
  readonly #timer: NodeJS.Timeout;

  /** `changes` is raised when the group wants us to join again, and when we are in it no more; `beaten` is called after every heartbeat that was answered. */
  constructor(
    private readonly settings: GroupSettings,
    private readonly connection: KafkaConnection,
    private readonly changes: ChangeSignal,
    private readonly beaten: () => void,
  ) {
    // A timer, so that the coordinator hears of us however long a batch takes.
    this.#timer = setInterval(() => void this.beat(), settings.sessionTimeoutMs / 10).unref();
  }

  get isMember(): boolean {
    return this.#memberId !== '';
  }

  /** While the others are waited for, the coordinator answers nothing else over this connection. */
  get isJoining(): boolean {
    return this.#isJoining;
  }

  get generation(): number {
    return this.#generation;
  }

  /** True when what we were told is not the newest any more. */
  get mustJoin(): boolean {
    return this.#mustJoin;
  }

  /** While we join, the coordinator waits for all and lets nobody's membership run out. */
  get isAlive(): boolean {
    return this.isMember && (this.#isJoining || Date.now() < this.#heldUntilMs);
  }

  requireJoin(): void {
    this.#mustJoin = true;
  }

  /** Tells the group what we hold and resolves to what is ours from now on. Rejects when it could not be agreed on. */
  async join(held: readonly number[]): Promise<readonly number[]> {
    await this.#heartbeat;
    this.#isJoining = true;
    try {
      return await this.#call('join', (coordinator) => this.#joinAndSync(coordinator, held));
    } finally {
      this.#isJoining = false;
    }
  }

  /** Shows that we live. */
  beat(): Promise<void> {
    if (!this.isMember || this.#isJoining) return Promise.resolve();
    return (this.#heartbeat ??= this.#beat().finally(() => (this.#heartbeat = undefined)));
  }

  /** Writes down where a restart would go on, by partition. Refused of a member that is in the group no more. */
  async commit(positions: ReadonlyMap<number, number>): Promise<void> {
    const { groupId, topic } = this.settings;
    const partitions = [...positions].map(([partition, offset]) => ({
      partition,
      offset: `${offset}`,
      metadata: '',
    }));
    const member = { groupId, memberId: this.#memberId, groupGenerationId: this.#generation };
    await this.#call('commit', (coordinator) =>
      coordinator.offsetCommit({ ...member, topics: [{ topic, partitions }] }),
    );
  }

  /** Tells the group that we go. What we had is free then at once, else when our session has run out. */
  async leave(): Promise<void> {
    const { groupId } = this.settings;
    const memberId = this.#memberId;
    this.#forget();
    if (memberId === '') return;
    await this.#call('leave', (coordinator) => coordinator.leaveGroup({ groupId, memberId }));
  }

  close(): void {
    clearInterval(this.#timer);
    this.connection.close();
  }

  async #joinAndSync(coordinator: Broker, held: readonly number[]): Promise<readonly number[]> {
    const { groupId, topic, sessionTimeoutMs: sessionTimeout } = this.settings;
    const claim = { since: this.#since, generation: this.#generation, held };
    const joined = await coordinator.joinGroup({
      groupId,
      sessionTimeout,
      rebalanceTimeout: Math.max(rebalanceTimeoutMs, sessionTimeout),
      memberId: this.#memberId,
      groupProtocols: [{ name: protocolName, metadata: encodeClaim(topic, claim) }],
    });
    const { memberId, generationId } = joined;
    this.#memberId = memberId;
    this.#mustJoin = false;
    const sentMs = Date.now();
    const groupAssignment = this.#assignmentsBy(joined);
    const answer = await coordinator.syncGroup({ groupId, generationId, memberId, groupAssignment });
    this.#generation = generationId;
    this.#heldUntilMs = sentMs + sessionTimeout;
    return decodeAssignment(topic, answer.memberAssignment);
  }

  /** The leader decides; the others have nothing to say. */
  #assignmentsBy({
    leaderId,
    memberId,
    members,
  }: JoinedGroup): readonly { memberId: string; memberAssignment: Buffer }[] {
    if (leaderId !== memberId) return [];
    const { topic, partitions } = this.settings;
    const claims = members.map((member) => decodeClaim(member.memberId, member.memberMetadata));
    return [...assignLanes(claims, partitions)].map(([id, own]) => ({
      memberId: id,
      memberAssignment: encodeAssignment(topic, own),
    }));
  }

  async #beat(): Promise<void> {
    const { groupId, sessionTimeoutMs } = this.settings;
    const sentMs = Date.now();
    const heartbeat = { groupId, memberId: this.#memberId, groupGenerationId: this.#generation };
    try {
      await this.#call('heartbeat', (coordinator) => coordinator.heartbeat(heartbeat));
      this.#heldUntilMs = sentMs + sessionTimeoutMs;
      this.beaten();
    } catch {
      // What it means was noted. While the coordinator cannot be reached, the next beat tries again.
    }
    if (!this.isAlive) this.changes.raise();
  }

  async #call<T>(what: string, call: (coordinator: Broker) => Promise<T>): Promise<T> {
    const { groupId } = this.settings;
    const sentMs = Date.now();
    try {
      return await this.connection.use(`group ${groupId}: ${what}`, async (cluster) =>
        call(await this.#findCoordinator(cluster)),
      );
    } catch (error) {
      this.#note(errorType((error as Error).cause), sentMs);
      throw error;
    }
  }

  async #findCoordinator(cluster: Cluster): Promise<Broker> {
    const known = this.#coordinator;
    if (known?.cluster === cluster) return cluster.findBroker(known);
    const broker = await cluster.findGroupCoordinator(this.settings);
    this.#coordinator = { cluster, nodeId: broker.nodeId };
    return broker;
  }

  /** What the coordinator's refusal says about us. */
  #note(type: string | undefined, sentMs: number): void {
    if (type === undefined) return;
    if (groupErrors.rebalancing.has(type)) {
      this.#heldUntilMs = Math.max(this.#heldUntilMs, sentMs + this.settings.sessionTimeoutMs);
      this.#mustJoin = true;
      this.changes.raise();
    } else if (groupErrors.lost.has(type)) {
      this.#forget();
      this.changes.raise();
    }
  }

  #forget(): void {
    this.#memberId = '';
    this.#mustJoin = true;
    this.#heldUntilMs = -Infinity;
  }
}
