import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FeedRow, SentRows } from './feed.js';
import { FileFeed } from './file-feed.js';

const NEVER = new AbortController().signal;
const sentUpTo = (newestRow: number): SentRows => ({ newestRow, has: (_, row) => row <= newestRow });

describe('FileFeed', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'feed-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function open(
    files: Record<string, Buffer | string>,
    speed: number | 'max' = 'max',
  ): Promise<FileFeed> {
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    return FileFeed.open({ path: folder, format: 'auto', speed });
  }

  async function rowsOf(feed: FileFeed, sent = sentUpTo(-1)): Promise<FeedRow[]> {
    const rows: FeedRow[] = [];
    for await (const batch of feed.batches(sent, NEVER)) rows.push(...batch);
    return rows;
  }

  it('gives the rows of all files, numbered on from file to file', async () => {
    const rows = await rowsOf(
      await open({
        'a.jsonl': '{"bad":1}\n\n{"ticker":"A","price":1,"timestamp":1700000000,"id":1}',
        'b.csv': 'ticker,price,timestamp\nB,2,1700000001\n',
      }),
    );
    expect(rows.map(({ row, key }) => [row, key])).toEqual([
      [0, '0'],
      [1, 'A'],
      [2, 'B'],
    ]);
  });

  it('gives the same ids whenever and wherever the content is read, others for other content', async () => {
    const line = '{"ticker":"A","price":1,"timestamp":1700000000}\n';
    const idsOf = async (feed: FileFeed): Promise<unknown[]> =>
      (await rowsOf(feed)).map(({ value }) => (JSON.parse(value.toString()) as { id: unknown }).id);
    const feed = await open({ 'a.jsonl': line + line });
    const ids = await idsOf(feed);
    expect(ids).toEqual([
      expect.stringMatching(/^[0-9a-f]{12}-0$/),
      expect.stringMatching(/^[0-9a-f]{12}-1$/),
    ]);
    expect(await idsOf(await open({ 'a.jsonl': line + line }, 1))).toEqual(ids);
    const other = await open({ 'a.jsonl': line + line + line });
    expect((await idsOf(other)).slice(0, 2)).not.toEqual(ids);
    expect(other.name).not.toBe(feed.name);
  });

  it('passes a line of 10 MB and one that is not UTF-8 on, byte for byte', async () => {
    const long = Buffer.alloc(10_000_000, '{"a');
    const odd = Buffer.from([0x7b, 0xff, 0x00, 0xc3, 0x28, 0x7d]);
    const feed = await open({
      'a.jsonl': Buffer.concat([Buffer.from('{}\r\n'), long, Buffer.from('\n'), odd]),
    });
    const values = (await rowsOf(feed)).map(({ value }) => value);
    expect(values.map((value) => value.length)).toEqual([2, 10_000_000, 6]);
    expect(values[1]!.equals(long)).toBe(true);
    expect(values[2]!.equals(odd)).toBe(true);
  });

  it('waits for no row that was sent before, however long the recording', async () => {
    const tick = (second: number): string => `{"ticker":"A","price":1,"timestamp":${second}}\n`;
    const lines = Array.from({ length: 100 }, (_, i) => tick(1_700_000_000 + i * 600)).join('');
    const rows = await rowsOf(await open({ 'a.jsonl': lines }, 1), sentUpTo(99));
    expect(rows).toHaveLength(100);
  });

  it('keeps every row in order at the recorded pace', async () => {
    const tick = (ms: number): string => `{"ticker":"A","price":1,"timestamp":${1_700_000_000_000 + ms}}\n`;
    const lines = Array.from({ length: 50 }, (_, i) => tick(i * 1000)).join('');
    const rows = await rowsOf(await open({ 'a.jsonl': lines }, 1000));
    expect(rows.map(({ row }) => row)).toEqual([...Array(50).keys()]);
  });

  it('stops while it waits for a row', async () => {
    const tick = (second: number): string => `{"ticker":"A","price":1,"timestamp":${second}}\n`;
    const feed = await open({ 'a.jsonl': tick(1_700_000_000) + tick(1_700_003_000) }, 1);
    const stop = new AbortController();
    const rows: FeedRow[] = [];
    for await (const batch of feed.batches(sentUpTo(-1), stop.signal)) {
      rows.push(...batch);
      setImmediate(() => {
        stop.abort();
      });
    }
    expect(rows).toHaveLength(1);
  });
});
