import { readFileSync, readlinkSync } from 'node:fs';

/**
 * A process, told apart from a later one of the same pid. Where the system keeps no such thing (no /proc), texts are ''
 * and only the pid counts.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it was started, in clock ticks since the machine was. */
  readonly started: string;
  /** One run of the machine: all processes of another one are gone. */
  readonly boot: string;
  /** Where pids are counted: a container has its own, and knows nothing about the others'. */
  readonly pidSpace: string;
}

export function thisProcess(): ProcessIdentity {
  const { pid } = process;
  return {
    pid,
    started: startOf(pid) ?? '',
    boot: orNothing(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pidSpace: orNothing(() => readlinkSync('/proc/self/ns/pid')),
  };
}

/** True only if the process surely runs no more, as `own` can see it. */
export function isGone(other: ProcessIdentity, own: ProcessIdentity): boolean {
  if (other.boot !== own.boot) return true;
  if (other.pidSpace !== own.pidSpace) return false;
  return other.started === '' ? !isRunning(other.pid) : startOf(other.pid) !== other.started;
}

/** undefined: no such process, or it has ended and nobody has asked for its exit code yet. */
function startOf(pid: number): string | undefined {
  const stat = orNothing(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The second field is the program's name, which may hold blanks and brackets: count from behind it.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' || state === 'X' ? undefined : fields[18];
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Another user's process may not be signalled, but it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function orNothing(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
