import { readdirSync, readFileSync } from 'node:fs';

/** Ids of the processes whose command line or environment names `text` (a folder of its own, say). */
export function processesNaming(text: string): number[] {
  return processIds().filter(
    (pid) =>
      pid !== process.pid &&
      isRunning(pid) &&
      ['cmdline', 'environ'].some((file) => read(pid, file).includes(text)),
  );
}

/** Children, grandchildren and so on of a process. */
export function descendants(pid: number): number[] {
  const children = processIds().filter((candidate) => parentOf(candidate) === pid);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

/** A process' command line, blanks between the words; empty when it is gone. */
export function commandOf(pid: number): string {
  return read(pid, 'cmdline').replaceAll('\0', ' ');
}

/** False for one that is gone, and for one that is dead and waits for its parent to look at it. */
export function isRunning(pid: number): boolean {
  const state = fieldsAfterName(pid)[0];
  return state !== undefined && state !== 'Z' && state !== 'X';
}

/** True once SIGSTOP has reached it: it does nothing any more. */
export function isStopped(pid: number): boolean {
  return fieldsAfterName(pid)[0] === 'T';
}

/** For clean-up after a failed test: ends what a test's own processes left. */
export function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Gone already.
    }
  }
}

function parentOf(pid: number): number {
  return Number(fieldsAfterName(pid)[1] ?? -1);
}

/** `/proc/<pid>/stat` after the name, which may hold blanks and brackets itself. */
function fieldsAfterName(pid: number): string[] {
  const stat = read(pid, 'stat');
  const end = stat.lastIndexOf(')');
  return end < 0 ? [] : stat.slice(end + 2).split(' ');
}

function processIds(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}
