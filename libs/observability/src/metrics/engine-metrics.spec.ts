import { laneStatus } from '../testing/lane-status.js';
import { EngineMetrics } from './engine-metrics.js';

const lines = async (metrics: EngineMetrics, start: string): Promise<readonly string[]> =>
  (await metrics.scrape()).text.split('\n').filter((line) => line.startsWith(start));

describe('EngineMetrics', () => {
  it.each([
    ['engine_records_total', 'counter'],
    ['engine_input_end_offset', 'gauge'],
    ['engine_position_offset', 'gauge'],
    ['engine_lag_records', 'gauge'],
    ['engine_watermark_seconds', 'gauge'],
    ['engine_batch_seconds', 'histogram'],
    ['engine_publish_seconds', 'histogram'],
    ['engine_tick_latency_seconds', 'histogram'],
    ['engine_segments_total', 'counter'],
    ['engine_segment_conflicts_total', 'counter'],
    ['engine_trimmed_rows_total', 'counter'],
    ['engine_restore_seconds', 'histogram'],
    ['engine_dead_letters_total', 'counter'],
    ['engine_state_symbols', 'gauge'],
    ['process_resident_memory_bytes', 'gauge'],
  ])('has %s, a %s', async (name, type) => {
    expect(await lines(new EngineMetrics('silver'), `# TYPE ${name} `)).toEqual([`# TYPE ${name} ${type}`]);
  });

  it('leaves out the figures that would wake an idle process every 10 ms', async () => {
    const lag = await lines(new EngineMetrics('silver'), '# TYPE nodejs_eventloop_lag');
    expect(lag).toEqual(['# TYPE nodejs_eventloop_lag_seconds gauge']);
  });

  it('fills the lanes from their source, when it is scraped', async () => {
    const metrics = new EngineMetrics('silver');
    let position = 5;
    metrics.watchLanes({ lanes: () => Promise.resolve([laneStatus({ lane: 2, position })]) });
    expect(await lines(metrics, 'engine_lag_records{')).toEqual([
      'engine_lag_records{layer="silver",lane="2"} 7',
    ]);
    position = 12;
    expect(await lines(metrics, 'engine_')).toEqual([
      'engine_records_total{layer="silver",lane="2",verdict="accepted"} 10',
      'engine_records_total{layer="silver",lane="2",verdict="late"} 2',
      'engine_input_end_offset{layer="silver",lane="2"} 12',
      'engine_position_offset{layer="silver",lane="2"} 12',
      'engine_lag_records{layer="silver",lane="2"} 0',
      'engine_watermark_seconds{layer="silver",lane="2"} 1700000000.5',
      'engine_state_symbols{layer="silver",lane="2"} 3',
    ]);
  });

  it('shows no watermark before the first tick, and no lane that is not ours any more', async () => {
    const metrics = new EngineMetrics('gold');
    let lanes = [laneStatus({ watermarkUs: null })];
    metrics.watchLanes({ lanes: () => Promise.resolve(lanes) });
    expect(await lines(metrics, 'engine_watermark_seconds')).toEqual([]);
    expect(await lines(metrics, 'engine_position_offset')).toHaveLength(1);
    lanes = [];
    expect(await lines(metrics, 'engine_position_offset')).toEqual([]);
  });

  it('still answers, and counts it, when the lanes cannot be asked', async () => {
    const metrics = new EngineMetrics('gold');
    metrics.watchLanes({ lanes: () => Promise.reject(new Error('log away')) });
    expect(await lines(metrics, 'engine_lane_status_failures_total')).toEqual([
      'engine_lane_status_failures_total{layer="gold"} 1',
    ]);
  });

  it('counts what a pipeline tells it', async () => {
    const metrics = new EngineMetrics('bronze');
    metrics.restored(1, 0.2);
    metrics.batchProcessed(1, 0.002);
    metrics.segmentPublished('bronze/events', 100, 0.03);
    metrics.segmentRefused('bronze/events');
    metrics.rowsTrimmed(1, 40);
    metrics.tickEmitted(0.004);
    metrics.deadLettered('not_json');
    const { text } = await metrics.scrape();
    for (const line of [
      'engine_restore_seconds_sum{layer="bronze"} 0.2',
      'engine_batch_seconds_bucket{le="0.0025",layer="bronze"} 1',
      'engine_publish_seconds_sum{layer="bronze",table="bronze/events"} 0.03',
      'engine_segments_total{layer="bronze",table="bronze/events"} 1',
      'engine_segment_conflicts_total{layer="bronze",table="bronze/events"} 1',
      'engine_trimmed_rows_total{layer="bronze"} 40',
      'engine_tick_latency_seconds_sum{stage="bronze"} 0.004',
      'engine_dead_letters_total{layer="bronze",reason="not_json"} 1',
    ])
      expect(text.split('\n')).toContain(line);
  });

  it('keeps two apps in one process apart', async () => {
    const bronze = new EngineMetrics('bronze');
    new EngineMetrics('silver').deadLettered('late');
    expect(await lines(bronze, 'engine_dead_letters_total{')).toEqual([]);
  });
});
