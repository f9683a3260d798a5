import { deserialize, serialize } from 'node:v8';

import fc from 'fast-check';

import type { Layer, LaneRecord, LayerOutput } from '../layer.js';

/** What a layer's snapshots are tried on. */
export interface SnapshotTrial<State, Message, Emission> {
  readonly layer: Layer<State, Message, Emission>;
  readonly lanes: fc.Arbitrary<readonly LaneRecord<Message>[]>;
  /** What is to be seen of a state from outside, beside its clock and symbols. */
  readonly seen: (state: State) => unknown;
}

/** Everything that can be seen while records are applied. */
interface Sight<Emission> {
  readonly outputs: LayerOutput<Emission>[];
  readonly states: unknown[];
}

/** A snapshot as it comes back from a disk. */
const stored = (snapshot: unknown): unknown => deserialize(serialize(snapshot)) as unknown;

/** The suite of every layer: a snapshot is the state at the cut, and the lane goes on from it as if nothing had been. */
export function describeSnapshots<State, Message, Emission>(
  trial: SnapshotTrial<State, Message, Emission>,
): void {
  const { layer } = trial;
  const cuts = fc.tuple(trial.lanes, fc.double({ min: 0, max: 1, noNaN: true })).map(([records, share]) => {
    const at = Math.round(share * records.length);
    return { before: records.slice(0, at), after: records.slice(at) };
  });
  const at = (records: readonly LaneRecord<Message>[]): State => {
    const state = layer.initial();
    layer.apply(state, records);
    return state;
  };
  const goOn = (state: State, records: readonly LaneRecord<Message>[]): Sight<Emission> => {
    const sight: Sight<Emission> = { outputs: [], states: [] };
    for (const record of records) {
      sight.outputs.push(layer.apply(state, [record]));
      sight.states.push([layer.clockUs(state), layer.symbols(state), trial.seen(state)]);
    }
    return sight;
  };

  it('goes on from a stored snapshot as if nothing had been, bit for bit', () => {
    fc.assert(
      fc.property(cuts, ({ before, after }) => {
        const restored = layer.restore(stored(layer.snapshot(at(before))));
        const uninterrupted = at(before);
        expect(trial.seen(restored)).toStrictEqual(trial.seen(uninterrupted));
        expect(goOn(restored, after)).toStrictEqual(goOn(uninterrupted, after));
      }),
      { numRuns: 200 },
    );
  });

  it('goes on from snapshot after snapshot', () => {
    fc.assert(
      fc.property(trial.lanes, (records) => {
        const uninterrupted = layer.initial();
        let state = layer.initial();
        for (const record of records) {
          expect(goOn(state, [record])).toStrictEqual(goOn(uninterrupted, [record]));
          state = layer.restore(stored(layer.snapshot(state)));
        }
      }),
    );
  });

  it('leaves the state as it was', () => {
    fc.assert(
      fc.property(cuts, ({ before, after }) => {
        const copied = at(before);
        layer.snapshot(copied);
        expect(goOn(copied, after)).toStrictEqual(goOn(at(before), after));
      }),
    );
  });

  it('shares nothing with the state it was taken of, nor with those restored from it', () => {
    fc.assert(
      fc.property(cuts, ({ before, after }) => {
        const state = at(before);
        const snapshot = layer.snapshot(state);
        const wanted = stored(snapshot);
        goOn(state, after);
        expect(snapshot).toStrictEqual(wanted);
        const first = goOn(layer.restore(snapshot), after);
        expect(snapshot).toStrictEqual(wanted);
        expect(goOn(layer.restore(snapshot), after)).toStrictEqual(first);
      }),
    );
  });

  it('is the same when it is taken of a restored state', () => {
    fc.assert(
      fc.property(trial.lanes, (records) => {
        const snapshot = stored(layer.snapshot(at(records)));
        expect(layer.snapshot(layer.restore(snapshot))).toStrictEqual(snapshot);
      }),
    );
  });

  it.each([
    ['nothing', undefined, 'not a snapshot'],
    ['something else', { clock: 1 }, 'not a snapshot'],
    ['another layer', { layer: 'bronze', version: 1, settings: {} }, 'its layer is bronze'],
    ['another version', { layer: layer.name, version: 0, settings: {} }, 'its version is 0, wanted is 1'],
  ])('refuses %s', (_, data, message) => {
    expect(() => layer.restore(data)).toThrow(RangeError);
    expect(() => layer.restore(data)).toThrow(message);
  });
}
