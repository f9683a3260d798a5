import { readLayerConfig } from '@engine/config';
import type { LayerConfig } from '@engine/config';

import { dataFolder, lakeFolder, parseArguments } from '../arguments.js';
import type { Command } from '../command.js';
import { checkDisk } from '../doctor/checks/disk.js';
import { checkEngine } from '../doctor/checks/engine.js';
import { checkLake } from '../doctor/checks/lake.js';
import { checkLog } from '../doctor/checks/log.js';
import { checkMemory } from '../doctor/checks/memory.js';
import { checkNode } from '../doctor/checks/node.js';
import { checkPorts } from '../doctor/checks/ports.js';
import { checkSettings } from '../doctor/checks/settings.js';
import type { Check, Finding } from '../doctor/finding.js';
import { UsageError } from '../usage-error.js';

export const doctor: Command = {
  name: 'doctor',
  synopsis: 'doctor',
  summary:
    'whether the engine can run here: Node.js, settings, memory, ports, disk, log, lake; what to do if not',
  options: ['exit code 1 if something is wrong; what could be better is said, and is none'],
  run: async (args) => {
    const parsed = parseArguments(args, {});
    if (parsed.positionals.length > 0) throw new UsageError('doctor takes no arguments but --data');
    const dataDir = dataFolder(parsed, process.env);
    const surroundings = {
      env: process.env,
      dataDir,
      lakeDir: lakeFolder(parsed, process.env),
      config: configOf({ ...process.env, DATA_DIR: dataDir }),
    };
    let [warnings, failures] = [0, 0];
    for (const check of checks()) {
      for (const finding of await check(surroundings)) {
        if (finding.outcome === 'warn') warnings++;
        if (finding.outcome === 'fail') failures++;
        process.stdout.write(describe(finding));
      }
    }
    process.stdout.write(`\n${summary(warnings, failures)}\n`);
    return failures === 0 ? 0 : 1;
  },
};

const checks = (): readonly Check[] => [
  checkNode(process.version),
  checkSettings,
  checkMemory(() => process.availableMemory()),
  checkEngine,
  checkPorts,
  checkDisk,
  checkLog,
  checkLake,
];

/** Null where it is invalid: the check of the settings says why. */
function configOf(env: NodeJS.ProcessEnv): LayerConfig | null {
  try {
    return readLayerConfig(env, 'silver');
  } catch {
    return null;
  }
}

const SIGNS = { ok: 'ok  ', warn: 'WARN', fail: 'FAIL' } as const;

function describe({ what, outcome, detail, remedy }: Finding): string {
  const line = `${SIGNS[outcome]}  ${what.padEnd(16)}  ${detail}\n`;
  return remedy === undefined ? line : `${line}${' '.repeat(24)}${remedy}\n`;
}

function summary(warnings: number, failures: number): string {
  const count = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`;
  if (failures > 0)
    return `The engine cannot run like this: ${count(failures, 'fault')}, ${count(warnings, 'warning')}.`;
  return warnings > 0 ? `The engine can run; ${count(warnings, 'warning')}.` : 'The engine can run.';
}
