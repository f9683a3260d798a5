import { PositionReports } from './position-reports.js';

describe('position reports', () => {
  /** Answers each commit when the test says so. */
  class Coordinator {
    isMember = true;
    isJoining = false;
    readonly asked: [number, number][][] = [];
    readonly answers: { resolve: () => void; reject: (error: Error) => void }[] = [];

    commit(positions: ReadonlyMap<number, number>): Promise<void> {
      this.asked.push([...positions]);
      return new Promise((resolve, reject) => this.answers.push({ resolve, reject }));
    }
  }
  const refused = new Error('not now');
  let coordinator: Coordinator;
  let reports: PositionReports;
  beforeEach(() => {
    coordinator = new Coordinator();
    reports = new PositionReports(coordinator);
  });

  it('go out one request at a time, the newest of each partition', async () => {
    const told = [reports.add(0, 1), reports.add(0, 2), reports.add(1, 5), reports.add(0, 3)];
    expect(coordinator.asked).toEqual([[[0, 1]]]);
    coordinator.answers[0]!.resolve();
    await told[0];
    await new Promise(setImmediate);
    expect(coordinator.asked.slice(1)).toEqual([
      [
        [0, 3],
        [1, 5],
      ],
    ]);
    coordinator.answers[1]!.resolve();
    await Promise.all(told);
    expect(coordinator.asked).toHaveLength(2);
  });

  it('are told again after a failure, and only until then', async () => {
    const failed = reports.add(0, 1);
    coordinator.answers[0]!.reject(refused);
    await expect(failed).rejects.toThrow(refused);
    const again = reports.tell();
    coordinator.answers[1]!.resolve();
    await again;
    await reports.tell();
    expect(coordinator.asked).toEqual([[[0, 1]], [[0, 1]]]);
  });

  it.each([{ isMember: false }, { isJoining: true }])('wait while %j', async (state) => {
    Object.assign(coordinator, state);
    await reports.add(0, 1);
    expect(coordinator.asked).toEqual([]);
    Object.assign(coordinator, { isMember: true, isJoining: false });
    const told = reports.tell();
    coordinator.answers[0]!.resolve();
    await told;
    expect(coordinator.asked).toEqual([[[0, 1]]]);
  });

  it('are forgotten with their partitions', async () => {
    coordinator.isJoining = true;
    await reports.add(0, 1);
    await reports.add(1, 2);
    reports.keepOnly([1]);
    coordinator.isJoining = false;
    void reports.tell();
    expect(coordinator.asked).toEqual([[[1, 2]]]);
  });
});
