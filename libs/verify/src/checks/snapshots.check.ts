import type { InspectedChain, InspectedSnapshot } from '@engine/lake';
import type { LayerName } from '@engine/medallion';
import { damage, note } from '../finding.js';
import type { Check, Finding } from '../finding.js';
import { deleteSnapshot } from '../remedies.js';
import { layerTables } from '../verify-context.js';
import type { VerifyContext } from '../verify-context.js';

type SoundSnapshot = Extract<InspectedSnapshot, { kind: 'sound' }>;

/** A lane's snapshots can be read and are of the lane they lie in. Nothing is lost with one, but a restart takes longer. */
export const snapshotsCheck: Check = {
  name: 'snapshots',
  async *run(context) {
    // Bronze keeps no state.
    for (const layer of context.layers.filter((name) => name !== 'bronze'))
      for await (const file of context.lake.snapshots(layer)) yield* findingsOf(file, layer, context);
  },
};

function* findingsOf(file: InspectedSnapshot, layer: LayerName, context: VerifyContext): Generator<Finding> {
  const { path, lane, kind } = file;
  if (kind === 'stray') yield note(path, 'it is no snapshot by its name: nothing reads it');
  else if (kind === 'unreadable')
    yield damage(path, `this snapshot cannot be read: ${file.error}`, deleteSnapshot(path));
  else {
    const chains = layerTables[layer].flatMap((table) => context.chain(table, lane) ?? []);
    yield* judge(file, chains, context.settings.rules);
  }
}

function* judge(
  { path, facts }: SoundSnapshot,
  chains: readonly InspectedChain[],
  rules: string,
): Generator<Finding> {
  const topic = chains.flatMap(({ walk }) => walk.segments)[0]?.footer.topic;
  if (topic !== undefined && topic !== facts.topic)
    yield note(path, `its offset is of ${facts.topic}, the lane's are of ${topic}: nothing goes on from it`);
  else if (facts.rules !== rules) yield* otherRules(path, facts, chains, rules);
  const behind = chains.find(({ walk }) => walk.end < facts.offset);
  if (behind !== undefined)
    yield note(
      path,
      `it was taken at ${facts.offset}, and ${behind.table.name} ends at ${behind.walk.end}: nothing goes on from it before all tables are there`,
    );
}

/** Either its rows were decided under the same rules as it, or it is not of this lane's history. */
function* otherRules(
  path: string,
  facts: SoundSnapshot['facts'],
  chains: readonly InspectedChain[],
  rules: string,
): Generator<Finding> {
  const before = chains.flatMap((chain) => rulesBefore(chain, facts.offset) ?? []);
  const says = `it was taken under the rules ${facts.rules}`;
  if (before.length === 0 || before.includes(facts.rules))
    yield note(path, `${says}, the settings here are ${rules}: not judged`);
  else
    yield damage(
      path,
      `${says}, and the rows before it were decided under ${before[0] ?? ''}: a start refuses to go on from it`,
      deleteSnapshot(path),
    );
}

/** Under which rules a chain's last row before the offset was decided. */
const rulesBefore = ({ walk }: InspectedChain, offset: number): string | undefined =>
  walk.segments.find(({ footer }) => footer.first < offset && offset <= footer.next)?.footer.rules;
