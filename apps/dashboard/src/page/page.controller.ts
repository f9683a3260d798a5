import type { Request, Response } from 'express';
import { Controller, Get, NotFoundException, Req, Res, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Access } from '../security/access.js';
import { HostGuard } from '../security/host.guard.js';
import { TokenGuard } from '../security/token.guard.js';
import { PageFolder } from './page-folder.js';
import { loginPage, pageNotBuilt } from './plain-pages.js';

const YEAR_MS = 365 * 86_400_000;

/** The web page: its files as they were built, nothing else of the disk. */
@Controller()
@UseGuards(HostGuard)
@ApiExcludeController()
export class PageController {
  constructor(
    private readonly folder: PageFolder,
    private readonly access: Access,
  ) {}

  @Get(['/', '/index.html'])
  index(@Req() request: Request, @Res() response: Response): void {
    response.setHeader('Cache-Control', 'no-cache');
    response.type('html');
    if (!this.access.allows(request)) {
      response.status(401).send(loginPage());
      return;
    }
    response.sendFile('index.html', { root: this.folder.path, cacheControl: false }, (error) => {
      if (isUnsent(error, response)) response.send(pageNotBuilt);
    });
  }

  /** Their names change with their contents, so they may be kept for ever. */
  @Get('/assets/*path')
  @UseGuards(TokenGuard)
  async asset(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.#send(request, response, { maxAge: YEAR_MS, immutable: true });
  }

  @Get(['/favicon.svg', '/favicon.ico', '/robots.txt', '/manifest.webmanifest'])
  @UseGuards(TokenGuard)
  async named(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.#send(request, response, { maxAge: 0 });
  }

  /** Whatever cannot be sent, for whatever reason, is not there. */
  async #send(request: Request, response: Response, options: object): Promise<void> {
    const path = decoded(request.path);
    await new Promise<void>((resolve, reject) => {
      response.sendFile(path, { root: this.folder.path, ...options }, (error) => {
        if (isUnsent(error, response)) reject(new NotFoundException());
        else resolve();
      });
    });
  }
}

/** A file that is not there; once its first bytes are on their way, an error is the connection's. */
const isUnsent = (error: Error | undefined, response: Response): boolean =>
  error !== undefined && !response.headersSent;

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new NotFoundException();
  }
}
