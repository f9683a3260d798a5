import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { waitUntil } from '../../testing.js';
import { isGone, thisProcess } from './process-identity.js';

const statOf = (pid: number): string[] => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
};
const whereProcIs = existsSync('/proc/self/stat') ? describe : describe.skip;

describe('a process', () => {
  const own = thisProcess();

  it('is not gone while it runs, and gone when it has ended', async () => {
    expect(isGone(own, own)).toBe(false);
    const child = spawn(process.execPath, ['-e', '']);
    const other = { ...own, pid: child.pid!, started: '' };
    await once(child, 'exit');
    expect(isGone(other, own)).toBe(true);
  });

  it('of another run of the machine is gone, whatever its pid', () => {
    expect(isGone({ ...own, boot: 'another' }, own)).toBe(true);
  });

  it('whose pids are counted elsewhere cannot be told to be gone', () => {
    expect(isGone({ ...own, pid: 2 ** 30, pidSpace: 'pid:[1]' }, own)).toBe(false);
    expect(isGone({ ...own, pid: 2 ** 30 }, own)).toBe(true);
  });
});

whereProcIs('where there is /proc, a process', () => {
  const own = thisProcess();

  it('is known by its pid and its start, as the system tells them', () => {
    expect(own).toMatchObject({ pid: process.pid, started: statOf(process.pid)[19] });
    expect(own.boot).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is gone when a later one has its pid', () => {
    expect(isGone({ ...own, started: `${Number(own.started) - 1}` }, own)).toBe(true);
  });

  it('is gone when it has ended and nobody has asked how', async () => {
    // The shell turns into a program that has a child without knowing it.
    const parent = spawn('sh', ['-c', 'cat <&3 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
    });
    try {
      const [line] = (await once(createInterface(parent.stdout!), 'line')) as [string];
      const pid = Number(line);
      await waitUntil(() => readFileSync(`/proc/${parent.pid!}/comm`, 'utf8') === 'sleep\n');
      expect(isGone({ ...own, pid, started: statOf(pid)[19]! }, own)).toBe(false);
      parent.stdio[3]!.destroy();
      await waitUntil(() => statOf(pid)[0] === 'Z');
      expect(isGone({ ...own, pid, started: statOf(pid)[19]! }, own)).toBe(true);
      expect(isGone({ ...own, pid: parent.pid!, started: statOf(parent.pid!)[19]! }, own)).toBe(false);
    } finally {
      parent.kill('SIGKILL');
    }
  });
});
