import type { Request, Response } from 'express';
import { Body, Controller, HttpCode, Post, Req, Res, UnauthorizedException, UseGuards } from '@nestjs/common';
import { ApiBody, ApiNoContentResponse, ApiOperation } from '@nestjs/swagger';
import { loginPage } from '../page/plain-pages.js';
import { Access } from './access.js';
import { HostGuard } from './host.guard.js';

/** Exchanges the token for a cookie: an EventSource sends no headers of its own. */
@Controller('login')
@UseGuards(HostGuard)
export class LoginController {
  constructor(private readonly access: Access) {}

  @Post()
  @HttpCode(204)
  @ApiOperation({ summary: 'Exchange the token for a session cookie', operationId: 'login' })
  @ApiBody({
    schema: { type: 'object', required: ['token'], properties: { token: { type: 'string' } } },
  })
  @ApiNoContentResponse({ description: 'The cookie is set' })
  login(@Body() body: unknown, @Req() request: Request, @Res() response: Response): void {
    const isForm = request.is('application/x-www-form-urlencoded') !== false;
    if (!this.access.isToken(tokenIn(body))) {
      if (!isForm) throw new UnauthorizedException('This is not the token');
      response.status(401).type('html').send(loginPage('This is not the token.'));
      return;
    }
    response.setHeader('Set-Cookie', this.access.sessionCookie());
    response.setHeader('Cache-Control', 'no-store');
    if (isForm) response.redirect(303, '/');
    else response.status(204).end();
  }
}

function tokenIn(body: unknown): string {
  const token: unknown = typeof body === 'object' && body !== null && 'token' in body ? body.token : '';
  return typeof token === 'string' ? token : '';
}
