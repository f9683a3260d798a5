import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { DashboardConfig } from '@engine/config';
import { Inject, Injectable, Logger, ServiceUnavailableException } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../clock.js';
import { DASHBOARD_CONFIG } from '../dashboard-config.token.js';
import { GoldFollower } from '../live/gold-follower.js';
import { PipelineService } from '../pipeline/pipeline.service.js';
import { TickFollower } from '../ticks/tick-follower.js';
import { isoTime } from '../time.js';
import { eventText } from './event-text.js';
import { encodePosition, parsePosition } from './lane-position.js';
import { RecentUpdates } from './recent-updates.js';
import { StreamClient } from './stream-client.js';
import { Subscription } from './subscription.js';
import type { StreamQuery } from './stream-query.dto.js';

const MAX_CLIENTS = 200;
/** Four pictures a second move as smoothly as ten to the eye, and cost every page less than half. */
const FLUSH_MS = 250;
const PIPELINE_MS = 1000;

/** Tells everyone who listens what is new, four times a second at most. While nobody listens it does nothing. */
@Injectable()
export class StreamHub implements OnModuleDestroy {
  readonly #logger = new Logger(StreamHub.name);
  readonly #clients = new Set<StreamClient>();
  readonly #recent: RecentUpdates;
  #timers: readonly NodeJS.Timeout[] = [];
  #reporting: Promise<void> | undefined;

  constructor(
    private readonly updates: GoldFollower,
    ticks: TickFollower,
    private readonly pipeline: PipelineService,
    private readonly clock: Clock,
    @Inject(DASHBOARD_CONFIG) private readonly config: DashboardConfig,
  ) {
    this.#recent = new RecentUpdates(config.lanes);
    updates.onUpdate((update, lane, { offset }) => {
      if (this.#recent.add(update, lane, offset)) for (const client of this.#clients) client.tell(update);
    });
    ticks.onTicks((heard) => {
      for (const client of this.#clients) for (const tick of heard) client.tellTick(tick);
    });
  }

  /** Takes a client in. `lastId`: of the last event it has seen. Throws where there are too many clients. */
  join(response: ServerResponse, query: StreamQuery, lastId: string | undefined): void {
    if (this.#clients.size >= MAX_CLIENTS)
      throw new ServiceUnavailableException(`${MAX_CLIENTS} clients are listening already`);
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    });
    const client = new StreamClient(response, new Subscription(query), this.clock.monotonicMs());
    this.#greet(client, lastId);
    this.#clients.add(client);
    if (this.#clients.size === 1) this.#begin();
    response.on('close', () => {
      this.#clients.delete(client);
      if (this.#clients.size === 0) this.#rest();
    });
  }

  async onModuleDestroy(): Promise<void> {
    this.#rest();
    for (const client of this.#clients) client.end();
    await this.#reporting;
  }

  #greet(client: StreamClient, lastId: string | undefined): void {
    const seen = lastId === undefined ? undefined : parsePosition(lastId, this.#log, this.config.lanes);
    const missed = seen && this.#recent.since(seen);
    const serverTime = isoTime(Math.floor(this.clock.epochMs()) * 1000);
    const hello = eventText('hello', { serverTime, resumed: missed !== undefined });
    // Until what was missed is sent too, the id is not the newest one.
    client.greet(`retry: 2000\n${missed === undefined ? `id: ${this.#id}\n` : ''}${hello}`);
    if (lastId !== undefined && missed === undefined) client.missed('resume');
    for (const update of missed ?? []) client.tell(update);
  }

  get #log(): string {
    return createHash('sha256').update(this.updates.topicId).digest('hex').slice(0, 8);
  }

  get #id(): string {
    return encodePosition(this.#log, this.#recent.position);
  }

  #begin(): void {
    this.#timers = [
      setInterval(() => {
        this.#flush();
      }, FLUSH_MS),
      setInterval(() => {
        this.#reporting ??= this.#report().finally(() => (this.#reporting = undefined));
      }, PIPELINE_MS),
    ];
  }

  #rest(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
  }

  #flush(): void {
    const [id, now] = [this.#id, this.clock.monotonicMs()];
    for (const client of this.#clients) client.flush(id, now);
  }

  async #report(): Promise<void> {
    try {
      const text = eventText('pipeline', await this.pipeline.report());
      for (const client of this.#clients) client.tellPipeline(text);
    } catch (error) {
      this.#logger.warn(`The pipeline cannot be reported: ${String(error)}`);
    }
  }
}
