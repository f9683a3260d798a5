// Runs simulated worlds, one a seed, on all cores.
//   npm run sim -- [--seeds 1000] [--from 1]     until a promise is broken in one of them; exit 1 then
//   npm run sim -- --seed 17 [--trace]           one of them; with all that happened in it
import { fork, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const SHOWN = 60;
const hooks = fileURLToPath(new URL('../../stream/test/typescript.mjs', import.meta.url));
/** The sources run as they are: nothing needs to be built. Every core has a world of its own: none is left for collecting garbage. */
const sources = ['--single-threaded-gc', '--no-warnings', '--import', hooks, '--conditions=@engine/source'];

const values = readOptions();

function readOptions() {
  const options = {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
    worker: { type: 'string' },
  };
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    console.error(`${error.message}\nUse: npm run sim -- [--seeds 1000] [--from 1], or --seed 17 [--trace]`);
    process.exit(64);
  }
}

const wholeNumber = (name) => {
  const number = Number(values[name]);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  console.error(`--${name} ${values[name]}: not a whole number; use one such as 1000`);
  process.exit(64);
};

if (values.worker !== undefined) await work();
else if (values.seed !== undefined) {
  if (process.execArgv.includes(hooks)) await showOne(wholeNumber('seed'));
  else {
    const again = [...process.execArgv, ...sources, ...process.argv.slice(1)];
    process.exitCode = spawnSync(process.execPath, again, { stdio: 'inherit' }).status ?? 1;
  }
} else await runAll(wholeNumber('seeds'), wholeNumber('from'));

/** Every seed that is asked for by message, one after the other. */
async function work() {
  const { runSeed } = await import('../src/index.ts');
  process.on('message', (seed) => {
    void runSeed(seed).then(({ violation, faults, steps, trace }) => {
      const happened = violation === undefined ? [] : trace().slice(-SHOWN);
      process.send({ seed, violation: violation?.message, happened, faults: [...faults], steps });
    });
  });
  process.send({ isReady: true });
}

async function showOne(seed) {
  const { runSeed } = await import('../src/index.ts');
  const { violation, faults, steps, trace } = await runSeed(seed);
  const lines = trace();
  console.log((values.trace ? lines : lines.slice(-SHOWN)).join('\n'));
  console.log(`seed ${seed}: ${steps} steps; ${shown(new Map(faults))}`);
  console.log(violation === undefined ? 'every promise held' : violation.message);
  process.exitCode = violation === undefined ? 0 : 1;
}

async function runAll(seeds, from) {
  const started = performance.now();
  const total = { done: 0, steps: 0, faults: new Map() };
  let next = from;
  let broken;
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), seeds) }, () => oneWorker()));
  const seconds = (performance.now() - started) / 1000;
  console.log(
    `${total.done} seeds from ${from}, ${total.steps} steps, ${seconds.toFixed(0)} s; ${shown(total.faults)}`,
  );
  if (broken === undefined && total.done === seeds) console.log('every promise held in all of them');
  else if (broken === undefined) console.log(`${total.done} of ${seeds} seeds were run: a worker has ended`);
  else {
    console.log(
      `\n${broken.happened.join('\n')}\n\nseed ${broken.seed} breaks a promise:\n${broken.violation}\n\nnpm run sim -- --seed ${broken.seed} --trace`,
    );
    process.exitCode = 1;
  }

  function oneWorker() {
    const worker = fork(fileURLToPath(import.meta.url), ['--worker', '1'], { execArgv: sources });
    return new Promise((resolve) => {
      worker.on('message', (outcome) => {
        if (outcome.seed !== undefined) add(outcome);
        if (broken !== undefined || next >= from + seeds) worker.kill();
        else worker.send(next++);
      });
      worker.on('exit', (code, signal) => {
        if (signal !== 'SIGTERM') process.exitCode = 1;
        resolve();
      });
    });
  }

  function add({ seed, violation, happened, faults, steps }) {
    total.done++;
    total.steps += steps;
    for (const [kind, count] of faults) total.faults.set(kind, (total.faults.get(kind) ?? 0) + count);
    // The lowest seed that was run: which of several is found first depends on the machine.
    if (violation !== undefined && (broken === undefined || seed < broken.seed))
      broken = { seed, violation, happened };
    if (process.stdout.isTTY && total.done % 100 === 0) process.stdout.write(`${total.done}\r`);
  }
}

function shown(faults) {
  return [...faults]
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ');
}
