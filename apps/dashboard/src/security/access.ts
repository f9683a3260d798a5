import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { DashboardConfig } from '@engine/config';
import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { DASHBOARD_CONFIG } from '../dashboard-config.token.js';

const COOKIE = 'engine-session';
const SESSION_MS = 12 * 3_600_000;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Takes as long for a near miss as for any other. */
const isSame = (shown: string, wanted: string): boolean => timingSafeEqual(digest(shown), digest(wanted));

/** Who may look: everybody where no token is set, else who shows it, or the cookie that showing it has brought. */
@Injectable()
export class Access {
  readonly #token: string | null;

  constructor(
    @Inject(DASHBOARD_CONFIG) config: DashboardConfig,
    private readonly clock: Clock,
  ) {
    this.#token = config.dashboard.token;
  }

  allows({ headers }: IncomingMessage): boolean {
    if (this.#token === null) return true;
    const [, bearer] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
    if (bearer !== undefined) return this.isToken(bearer);
    return this.#isSession(cookieOf(headers.cookie ?? ''));
  }

  isToken(shown: string): boolean {
    return this.#token === null || isSame(shown, this.#token);
  }

  /** A `Set-Cookie` for who has shown the token. The cookie does not hold it: it is a time, signed with it. */
  sessionCookie(): string {
    const ends = String(this.clock.epochMs() + SESSION_MS);
    const attributes = `Path=/; Max-Age=${SESSION_MS / 1000}; HttpOnly; SameSite=Strict`;
    return `${COOKIE}=${ends}.${this.#sign(ends)}; ${attributes}`;
  }

  #isSession(cookie: string): boolean {
    const [, ends, signature] = /^(\d{1,15})\.([0-9a-f]{64})$/.exec(cookie) ?? [];
    if (ends === undefined || signature === undefined) return false;
    return isSame(signature, this.#sign(ends)) && Number(ends) > this.clock.epochMs();
  }

  #sign(ends: string): string {
    return createHmac('sha256', this.#token ?? '')
      .update(`dashboard session until ${ends}`)
      .digest('hex');
  }
}

function cookieOf(header: string): string {
  const pairs = header.split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1) ?? '';
}
