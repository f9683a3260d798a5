import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';

/**
 * What browsers are told: everything comes from here and runs nowhere else. The two directives about HTTPS are left out,
 * since the dashboard itself speaks HTTP and would become unreachable by its machine's name.
 */
export const browserHeaders: (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  strictTransportSecurity: false,
  referrerPolicy: { policy: 'no-referrer' },
  xFrameOptions: { action: 'deny' },
});
