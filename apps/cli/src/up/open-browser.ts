import { spawn } from 'node:child_process';

/** The system's own command that opens an address; elsewhere the one of the free desktops. */
const OPENERS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['explorer.exe'],
};

/** Shows an address in the user's browser. Where that does not work, `say` tells; nothing else depends on it. */
export function openBrowser(address: string, say: (line: string) => void, env = process.env): void {
  const [command, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(command, [...args, address], { stdio: 'ignore', detached: true, env });
  child.once('error', () => {
    say(`There is no ${command} to open the browser with: open ${address} yourself.`);
  });
  child.unref();
}
