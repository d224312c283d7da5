import { expect } from 'chai';
import type { OpenMetadataClient } from '../../../src/openmetadata/index.js';
import { changesFrom, putLateChanges, writeChangesSeen } from '../../../src/profiler/index.js';
import type { RowChange, TableRef } from '../../../src/sources/index.js';
import type { StagingStore } from '../../../src/staging/index.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = 1_800_000_000_000;

describe('The system profile of tables that did not change', () => {
  const names = ['new', 'known', 'none'];
  const tables = names.map((table) => ({
    id: table,
    fqn: `s.d.m.${table}`,
    table: { database: 'd', schema: 'm', table },
  }));
  const load: RowChange = { at: NOW - HOUR, operation: 'INSERT', rows: 17 };
  const changes = ({ table }: TableRef): readonly RowChange[] => (table === 'none' ? [] : [load]);

  it('gets what the source shows only now, with the last profile of the table, and once', async () => {
    const put: unknown[] = [];
    const notes: string[] = [];
    const profiles = {
      systemProfile: async (fqn: string) =>
        fqn.endsWith('known') ? [{ timestamp: load.at, operation: 'INSERT' }] : [],
      newestProfile: async () => ({ timestamp: 5, rowCount: 9 }),
      putProfile: async (...given: readonly unknown[]) => void put.push(given.slice(0, 2)),
    };
    const recorder = { note: (line: string) => void notes.push(line), failure: () => undefined };
    await putLateChanges(tables, {
      ...{ client: { profiles } as unknown as OpenMetadataClient, recorder, changes, timestamp: NOW },
      ...{ window: { from: NOW - DAY, to: NOW }, signal: new AbortController().signal },
    });
    expect(put).to.deep.equal([
      [
        { id: 'new', fqn: 's.d.m.new' },
        {
          tableProfile: { timestamp: NOW, rowCount: 9 },
          systemProfile: [{ timestamp: load.at, operation: 'INSERT', rowsAffected: 17 }],
        },
      ],
    ]);
    expect(notes).to.have.length(1);
  });
});

describe('The window of system profiles', () => {
  const written = new Map<string, Iterable<string>>();
  const state = {
    history: async function* () {
      for (const lines of written.values()) yield { lines };
    },
    write: async (_: unknown, { run }: { run: string }, lines: Iterable<string>) => void written.set(run, lines),
  };
  const store = { state } as unknown as StagingStore;
  const from = async (now: number): Promise<number> => (NOW - (await changesFrom(store, 's', now))) / HOUR;

  it('is a day, longer since what a run saw last and the source may have shown late, and 14 days at most', async () => {
    expect(await from(NOW)).to.equal(24);
    await writeChangesSeen(store, 's', { run: '1', startedAt: NOW }, NOW - 24 * HOUR);
    expect(await from(NOW)).to.equal(28);
    await writeChangesSeen(store, 's', { run: '2', startedAt: NOW }, NOW - 5 * HOUR);
    expect(await from(NOW)).to.equal(24);
    written.clear();
    await writeChangesSeen(store, 's', { run: '3', startedAt: NOW }, NOW - 99 * DAY);
    expect(await from(NOW)).to.equal(14 * 24);
    written.set('4', ['what is this', '{"other": 1}']);
    expect(await from(NOW)).to.equal(14 * 24);
  });
});
