import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { describeIfPossible } from './describe-if-possible.js';

const executablePath = '/usr/bin/chromium';

/** A suite in a real browser: skipped with a line that says why where there is none, and red on CI. */
export function describeWithChromium(name: string, suite: () => void): void {
  const missing = `${executablePath} is missing (apt-get install chromium): "${name}" needs it`;
  describeIfPossible(name, existsSync(executablePath) ? undefined : missing, suite);
}

/** Starts it with an empty profile and without the conversations it has with its maker. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
