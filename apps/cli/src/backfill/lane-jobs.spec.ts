import fc from 'fast-check';

import { LaneJobs } from './lane-jobs.js';
import type { LaneJob } from './lane-jobs.js';

const LAYERS = ['silver', 'gold'] as const;

const named = (jobs: readonly LaneJob[]): string[] => jobs.map(({ layer, lane }) => `${layer} ${lane}`);

describe('LaneJobs', () => {
  it('has a lane wait for the layer before, and others go on meanwhile', () => {
    const jobs = new LaneJobs([0, 1], LAYERS);
    const [first, second] = [jobs.take()!, jobs.take()!];
    expect(named([first, second])).toEqual(['silver 0', 'silver 1']);
    expect(jobs.take()).toBeUndefined();
    expect(jobs.areAllTaken).toBe(false);
    expect(jobs.done(second)).toBe(false);
    expect(named([jobs.take()!])).toEqual(['gold 1']);
    expect(jobs.take()).toBeUndefined();
    expect(jobs.done(first)).toBe(true);
    expect(named([jobs.take()!])).toEqual(['gold 0']);
    expect(jobs.areAllTaken).toBe(true);
  });

  it('gives every job once, a lane never to two, and its layers in their order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(fc.nat()), (lanes, draws) => {
        const jobs = new LaneJobs([...Array(lanes).keys()], LAYERS);
        const underWay: LaneJob[] = [];
        const done: LaneJob[] = [];
        const completed: string[] = [];
        for (let step = 0; done.length < lanes * 2; step++) {
          const draw = draws[step] ?? 0;
          const taken = draw % 2 === 0 ? jobs.take() : undefined;
          if (taken !== undefined) underWay.push(taken);
          else if (underWay.length > 0) {
            const [job] = underWay.splice(draw % underWay.length, 1);
            done.push(job!);
            if (jobs.done(job!)) completed.push(job!.layer);
          }
          expect(new Set(underWay.map(({ lane }) => lane)).size).toBe(underWay.length);
        }
        for (let lane = 0; lane < lanes; lane++)
          expect(done.filter((job) => job.lane === lane).map(({ layer }) => layer)).toEqual(LAYERS);
        expect(completed).toEqual(LAYERS);
        expect(jobs.areAllTaken).toBe(true);
      }),
    );
  });
});
