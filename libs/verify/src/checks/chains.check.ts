import type { InspectedChain, OtherFile, WalkedSegment } from '@engine/lake';
import { bronzeEvents } from '@engine/medallion';
import { damage, note } from '../finding.js';
import type { Check, Finding } from '../finding.js';
import { moveAside, rebuildChain, UNKNOWN_WRITER } from '../remedies.js';
import { layerTables } from '../verify-context.js';
import type { VerifyContext } from '../verify-context.js';

/** Each chain is contiguous, its files are what their names say, and nothing else lies beside them. */
export const chainsCheck: Check = {
  name: 'chains',
  async *run(context) {
    for (const layer of context.layers) {
      for (const table of layerTables[layer]) {
        const chains = context.chainsOf(table);
        yield* topics(chains);
        for (const chain of chains) {
          if (table !== bronzeEvents && chain.lane >= context.lanes) yield noSuchLane(chain, context.lanes);
          yield* damagedFiles(chain);
          yield* otherFiles(chain);
          yield* footers(chain);
          yield* foreignRules(chain, context);
          if (chain.walk.beyond.length > 0) yield* hole(chain, context);
        }
      }
    }
  },
};

const noSuchLane = ({ folder }: InspectedChain, lanes: number): Finding =>
  damage(
    folder,
    `there are ${lanes} lanes, and this is none of them`,
    'set LANES as the engine had it; if it is right, move the folder out of the lake',
  );

function* damagedFiles({ damaged, folder }: InspectedChain): Generator<Finding> {
  for (const error of damaged) {
    const what = `it is damaged, and the chain ends before it: ${error.detail}`;
    yield damage(error.file, what, rebuildChain(folder));
  }
}

function* otherFiles({ others, walk }: InspectedChain): Generator<Finding> {
  for (const file of others) {
    if (file.first === null) {
      yield damage(file.path, `its name is not one of a chain's${contents(file)}`, moveAside(file.path));
    } else if (file.footer !== null && file.footer.first !== file.first) {
      yield damage(file.path, `its name says ${file.first}${contents(file)}`, moveAside(file.path));
    } else if (file.footer === null && file.first < walk.end) {
      yield damage(file.path, 'it cannot be read, and the chain goes on without it', moveAside(file.path));
    }
  }
}

const contents = ({ footer }: OtherFile): string =>
  footer === null
    ? ' (and it cannot be read)'
    : `, its footer says that it holds the rows of [${footer.first}, ${footer.next}): a copy under another name`;

/** Looks once more: while the engine runs a listing may pass a name before it is there, and see its successor. */
async function* hole(chain: InspectedChain, context: VerifyContext): AsyncGenerator<Finding> {
  const again = await context.lake.inspect(chain.table, chain.lane);
  const still = chain.walk.beyond.filter((path) => again.walk.beyond.includes(path));
  const [path] = still;
  if (path === undefined) return;
  const files = still.length === 1 ? 'a file starts' : `${still.length} files start`;
  const at = again.walk.end;
  yield damage(
    path,
    `the chain of ${chain.table.name}/lane=${chain.lane} ends at ${at}, yet ${files} above it: the file that starts at ${at} is missing`,
    rebuildChain(chain.folder),
  );
}

/** All segments of a table belong to one topic. */
function* topics(chains: readonly InspectedChain[]): Generator<Finding> {
  const segments = chains.flatMap(({ walk }) => walk.segments);
  const topic = segments[0]?.footer.topic;
  const other = segments.find(({ footer }) => footer.topic !== topic);
  if (other === undefined) return;
  yield damage(
    other.path,
    `its offsets are of ${other.footer.topic}, those of ${segments[0]?.path ?? ''} of ${topic ?? ''}`,
    UNKNOWN_WRITER,
  );
}

function* footers({ walk, table, folder }: InspectedChain): Generator<Finding> {
  let watermark = -Infinity;
  for (const { path, footer } of walk.segments) {
    if ((footer.watermark ?? watermark) < watermark)
      yield damage(path, 'its watermark is below that of the segment before it', rebuildChain(folder));
    watermark = footer.watermark ?? watermark;
    if ((footer.lanes !== null) !== (table === bronzeEvents))
      yield damage(path, `its footer's lanes are ${footer.lanes ?? 'missing'}`, rebuildChain(folder));
  }
}

/** Names each stretch of other rules once. */
function* foreignRules({ walk, table, lane }: InspectedChain, context: VerifyContext): Generator<Finding> {
  for (const { rules, first, next } of stretches(walk.segments)) {
    if (rules === context.settings.rules) continue;
    yield note(
      `${table.name}/lane=${lane}, offsets [${first}, ${next})`,
      `decided under the rules ${rules}, the settings here are ${context.settings.rules}: not judged`,
      'to judge it, set the environment as it was then',
    );
  }
}

function stretches(
  segments: readonly WalkedSegment[],
): readonly { rules: string; first: number; next: number }[] {
  const found: { rules: string; first: number; next: number }[] = [];
  for (const { footer } of segments) {
    const last = found.at(-1);
    if (last?.rules === footer.rules) last.next = footer.next;
    else found.push({ rules: footer.rules, first: footer.first, next: footer.next });
  }
  return found;
}
