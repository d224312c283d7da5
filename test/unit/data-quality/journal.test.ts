import { expect } from 'chai';
import { publishResults, qualityJournal, suiteJournalAddress, unitsByTable } from '../../../src/data-quality/index.js';
import type { ResultLine } from '../../../src/data-quality/staged-lines.js';
import { PermanentError } from '../../../src/errors/index.js';
import { PartRecorder } from '../../../src/report/index.js';
import { toLines } from '../../../src/staging/index.js';
import { temporaryStore } from '../metadata/temporary-store.js';

const results = { run: 'r', stage: 'test-results', slice: '0' };
const published = { run: 'r', stage: 'published-results', slice: '0' };
const line = (name: string): ResultLine => ({
  caseId: name,
  caseFqn: `s.d.m.t.${name}`,
  test: { table: 's.d.m.t', name, definition: 'tableRowCountToEqual' },
  sql: `SELECT ${name}`,
  result: { timestamp: 1, testCaseStatus: 'Failed', result: 'Found 1.', testResultValue: [] },
});

it('a journal of data quality has each result with its SQL, those too that were refused or not sent', async () => {
  const temporary = await temporaryStore();
  const { store } = temporary;
  try {
    await store.commit(results, { n: 0, lines: toLines(['good', 'bad'].map(line)), last: true });
    const read = async (): Promise<unknown[]> => {
      const lines: unknown[] = [];
      for await (const { fqn, outcome, reason, sql, test } of qualityJournal({
        store,
        units: [{ results, published }],
      }))
        lines.push([fqn, outcome, reason, sql, test?.status]);
      return lines;
    };
    expect(await read()).to.deep.equal([
      ['s.d.m.t.good', 'read', 'Failed: Found 1.', 'SELECT good', 'Failed'],
      ['s.d.m.t.bad', 'read', 'Failed: Found 1.', 'SELECT bad', 'Failed'],
    ]);
    const recorder = new PartRecorder();
    const client = {
      tests: {
        postResult: async (fqn: string) => {
          if (fqn.endsWith('bad')) throw new PermanentError('it is too long');
          return 'added';
        },
      },
    } as unknown as Parameters<typeof publishResults>[0]['client'];
    await publishResults({
      store,
      client,
      from: results,
      to: published,
      lanes: 2,
      recorder,
      signal: new AbortController().signal,
      takeFacts: () => recorder.take(),
      onCommit: () => undefined,
    });
    expect(await read()).to.deep.equal([
      ['s.d.m.t.good', 'written', 'Failed: Found 1.', 'SELECT good', 'Failed'],
      ['s.d.m.t.bad', 'refused', 'Failed: Found 1. the result was not taken: it is too long', 'SELECT bad', 'Failed'],
    ]);
  } finally {
    await temporary.remove();
  }
});

it('results of a logical suite are kept by table, and found by the name of a case', async () => {
  const temporary = await temporaryStore();
  const { store } = temporary;
  try {
    const unitOf = async (
      slice: string,
      table: string
    ): Promise<{ results: typeof results; published: typeof results }> => {
      const unit = { results: { ...results, slice }, published: { ...published, slice } };
      const { test, ...rest } = line('good');
      const staged = { ...rest, caseFqn: `${table}.good`, test: { ...test, table } };
      await store.commit(unit.results, { n: 0, lines: toLines([staged]), last: true });
      return unit;
    };
    const units = [await unitOf('0', 's.d.m.one'), await unitOf('1', 's.d.m.two'), await unitOf('2', 's.d.m.one')];
    expect(await unitsByTable({ store, units })).to.deep.equal(
      new Map([
        ['s.d.m.one', [units[0], units[2]]],
        ['s.d.m.two', [units[1]]],
      ])
    );
    const config = { type: 'TestSuite' } as const;
    expect(suiteJournalAddress({ serviceName: 'nightly', sourceConfig: { config } })).to.deep.equal({
      service: 'nightly',
      kind: 'data-quality',
      name: 'journal',
    });
    const ofTable = { ...config, entityFullyQualifiedName: 's.d.m.one' };
    expect(suiteJournalAddress({ serviceName: 'any name', sourceConfig: { config: ofTable } })).to.deep.equal({
      service: 's',
      kind: 'data-quality',
      name: 'journal s.d.m.one',
    });
  } finally {
    await temporary.remove();
  }
});
