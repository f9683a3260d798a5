import { Controller, Get, Inject } from '@nestjs/common';
import { HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import type { HealthCheckResult, HealthIndicatorResult } from '@nestjs/terminus';
import { APP_PARTS } from '../app-parts.js';
import type { AppParts } from '../app-parts.js';
import type { HealthCheck } from './health-check.js';

@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    @Inject(APP_PARTS) private readonly parts: AppParts,
  ) {}

  /** Would a restart help? Whoever restarts it on failure asks here, so nothing outside the process counts. */
  @Get('live')
  live(): Promise<HealthCheckResult> {
    return this.#answer(this.parts.liveness ?? []);
  }

  /** Everything the app needs is there; else 503, with the reason by the check's key. */
  @Get('ready')
  ready(): Promise<HealthCheckResult> {
    return this.#answer(this.parts.readiness);
  }

  #answer(checks: readonly HealthCheck[]): Promise<HealthCheckResult> {
    return this.health.check(checks.map((check) => () => this.#indicate(check)));
  }

  async #indicate(check: HealthCheck): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check(check.key);
    try {
      const { up, reason, note } = await check.check();
      if (up) return note === undefined ? indicator.up() : indicator.up({ note });
      return indicator.down({ reason: reason ?? 'not said' });
    } catch (error) {
      return indicator.down({ reason: error instanceof Error ? error.message : String(error) });
    }
  }
}
