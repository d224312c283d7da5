import { expect } from 'chai';
import { publishResults, qualityJournal } from '../../../src/data-quality/index.js';
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
