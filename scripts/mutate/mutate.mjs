// Takes the engine's protections away, one at a time, in a copy of the repository, and shows which test notices.
//   node scripts/mutate/mutate.mjs [--check | --scenes | --simulate] [PART OF A PROTECTION'S NAME]
// Exit 1: a protection can be taken away and the test named for it stays green, or is not green without that.
// `--check` only looks whether every change can still be made to the sources.
// `--scenes` plays the simulation's scenes only, not the other tests.
// `--simulate` shows the first of 1,000 simulated worlds (SIM_SEEDS: of so many) that notices, instead of the tests; or why none can.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { copyRepository } from './copy.mjs';
import { mutations, scene } from './mutations.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const args = process.argv.slice(2);
const wanted = args.filter((arg) => !arg.startsWith('--')).join(' ');

/** The file without the protection. Throws where the sources have changed so that it cannot be told. */
function mutated({ protection, file, replace, by }, folder) {
  const source = readFileSync(join(folder, file), 'utf8');
  const found = source.split(replace).length - 1;
  if (found !== 1)
    throw new Error(
      `${file}: what is to be replaced for "${protection}" is there ${found} times, not once. Bring scripts/mutate/mutations.mjs up to date:\n${replace}`,
    );
  return { source, without: source.replace(replace, () => by) };
}

/** How many tests passed and failed. Those that ran into no time limit of their own are ended after ten minutes. */
function runTest({ project, test, named }, folder) {
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const report = join(folder, 'report.json');
  rmSync(report, { force: true });
  const options = ['--runInBand', '--forceExit', '--json', `--outputFile=${report}`, '--reporters=default'];
  spawnSync(process.execPath, [jest, ...options, '--testNamePattern', named, test.replaceAll('.', '\\.')], {
    cwd: join(folder, project),
    env: {
      ...process.env,
      NODE_OPTIONS: '--experimental-vm-modules --no-warnings=ExperimentalWarning',
      POWER_LOSS_SEEDS: '1',
    },
    stdio: 'ignore',
    timeout: 600_000,
  });
  return read(report);
}

/** With all protections in place, for each test once. */
const green = new Map();
function runOnce({ project, test, named }, folder) {
  const key = `${project}/${test}/${named}`;
  if (!green.has(key)) green.set(key, runTest({ project, test, named }, folder));
  return green.get(key);
}

function read(report) {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
    const failed = testResults.flatMap(({ assertionResults }) =>
      assertionResults.filter(({ status }) => status === 'failed').map(({ title }) => title),
    );
    const broken = testResults.some(
      ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
    );
    return { passed: numPassedTests, failed: numFailedTests, first: failed[0], broken };
  } catch {
    return { passed: 0, failed: 0, first: undefined, broken: true };
  }
}

/** `killed`: the test is green with the protection and red without. */
function judge(mutation, folder) {
  const { source, without } = mutated(mutation, folder);
  const path = join(folder, mutation.file);
  const before = runOnce(mutation, folder);
  if (before.passed === 0 || before.failed > 0 || before.broken)
    return { verdict: 'NOT GREEN BEFORE', before };
  writeFileSync(path, without);
  const after = runTest(mutation, folder);
  writeFileSync(path, source);
  if (after.broken) return { verdict: 'DOES NOT RUN', after };
  return after.failed > 0 ? { verdict: 'red', test: after.first } : { verdict: 'SURVIVES' };
}

/** The first seed whose world is not as it should be without the protection. */
function simulate(mutation, folder) {
  if (mutation.unseen !== undefined) return { verdict: 'unseen', test: mutation.unseen };
  const { source, without } = mutated(mutation, folder);
  const path = join(folder, mutation.file);
  writeFileSync(path, without);
  const command = ['libs/simulation/bin/sim.mjs', '--seeds', process.env.SIM_SEEDS ?? '1000'];
  const { stdout } = spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8' });
  writeFileSync(path, source);
  const [, seed, broken] = /^seed (\d+) breaks a promise:\n(.*)/m.exec(stdout) ?? [];
  if (seed !== undefined) return { verdict: `seed ${seed}`, test: broken };
  return { verdict: stdout.includes('every promise held') ? 'SURVIVES' : 'DOES NOT RUN' };
}

/** The tests that must notice, the scene of the simulation too. */
const withScenes = (mutation) =>
  mutation.played === undefined || args.includes('--simulate')
    ? [mutation]
    : [mutation, { ...mutation, ...scene(mutation.played) }];
const isChosen = ({ test }) => !args.includes('--scenes') || test === scene('').test;
const chosen = mutations
  .filter(({ protection }) => protection.includes(wanted))
  .flatMap(withScenes)
  .filter(isChosen);
for (const mutation of mutations) mutated(mutation, root);
if (args.includes('--check')) {
  console.log(`${mutations.length} protections can be taken away`);
} else {
  const folder = copyRepository(root);
  const count = { noticed: 0, unseen: 0 };
  try {
    for (const mutation of chosen) {
      const isSimulated = args.includes('--simulate');
      const { verdict, test = '' } = isSimulated ? simulate(mutation, folder) : judge(mutation, folder);
      if (verdict === 'unseen') count.unseen++;
      else if (/^(red|seed)/.test(verdict)) count.noticed++;
      const by = isSimulated ? 'simulation' : `${mutation.project}/${mutation.test}`;
      console.log(`${verdict.padEnd(16)} | ${mutation.protection} | ${by} | ${test}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const beyond = count.unseen > 0 ? `, ${count.unseen} cannot be by a simulated world` : '';
  console.log(`${count.noticed} of ${chosen.length} protections are noticed when they are gone${beyond}`);
  process.exitCode = chosen.length > 0 && count.noticed + count.unseen === chosen.length ? 0 : 1;
}
