import { Controller, Get, Inject } from '@nestjs/common';
import { HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import type { HealthCheckResult, HealthIndicatorResult } from '@nestjs/terminus';
import { APP_PARTS } from '../app-parts.js';
import type { AppParts } from '../app-parts.js';
import type { ReadinessCheck } from './readiness-check.js';

@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    @Inject(APP_PARTS) private readonly parts: AppParts,
  ) {}

  /** The process answers: whoever restarts it on failure asks here, so nothing outside the process counts. */
  @Get('live')
  live(): Promise<HealthCheckResult> {
    return this.health.check([]);
  }

  /** Everything the app needs is there; else 503, with the reason by the check's key. */
  @Get('ready')
  ready(): Promise<HealthCheckResult> {
    return this.health.check(this.parts.readiness.map((check) => () => this.#indicate(check)));
  }

  async #indicate(check: ReadinessCheck): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check(check.key);
    try {
      const { up, reason } = await check.check();
      return up ? indicator.up() : indicator.down({ reason: reason ?? 'not said' });
    } catch (error) {
      return indicator.down({ reason: error instanceof Error ? error.message : String(error) });
    }
  }
}
