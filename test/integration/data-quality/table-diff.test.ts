import { expect } from 'chai';
import { runUnit, ServiceMeasures } from '../../../src/data-quality/index.js';
import { definitionOf } from '../../../src/data-quality/server-records.js';
import type { ResultLine, TestsLine } from '../../../src/data-quality/staged-lines.js';
import { BUILT_IN_TESTS } from '../../../src/local-catalog/seed/test-definitions.js';
import { tableUnderTestRecord, testDefinitionRecord } from '../../../src/openmetadata/index.js';
import { attemptOn } from '../../unit/staging/attempt-on.js';
import { temporaryStore, type TemporaryStore } from '../../unit/metadata/temporary-store.js';
import { ENGINES, type Engine } from './engines.js';

const COLUMNS = [
  { name: 'id', dataType: 'INT', constraint: 'PRIMARY_KEY' },
  { name: 'name', dataType: 'VARCHAR' },
  { name: 'price', dataType: 'DECIMAL' },
  { name: 'at', dataType: 'DATETIME' },
];
const ROWS = 3_000;

/** FQNs `<service>.default.<schema>.<table>` → what the catalog says of the table. */
function record(fqn: string, columns: readonly object[] = COLUMNS): ReturnType<typeof tableUnderTestRecord.parse> {
  const [service = '', , , name = ''] = fqn.split('.');
  return tableUnderTestRecord.parse({
    id: fqn,
    name,
    fullyQualifiedName: fqn,
    columns,
    service: { id: service, type: 'databaseService', name: service },
  });
}

describe('tableDiff', () => {
  const { sqlite: sqliteKind, mariadb: mariadbKind } = ENGINES;
  let sqlite: Engine;
  let mariadb: Engine;
  let temporary: TemporaryStore;
  let runs = 0;

  before(async function () {
    if (sqliteKind === undefined || mariadbKind?.available() !== true) this.skip();
    this.timeout(180_000);
    [sqlite, mariadb] = await Promise.all([sqliteKind.start(), mariadbKind.start()]);
    temporary = await temporaryStore();
    for (const [engine, tables] of [
      [mariadb, ['original', 'copy']],
      [sqlite, ['original', 'copy']],
    ] as const) {
      for (const table of tables) {
        const path = engine.source.dialect.tablePath(engine.ref(table));
        await engine.run(
          `CREATE TABLE ${path} (id INTEGER PRIMARY KEY, name VARCHAR(50), price DECIMAL(10,2), at DATETIME)`
        );
        const rows = Array.from({ length: ROWS }, (_, id) =>
          id % 7 === 0
            ? `(${id}, NULL, ${id}.50, NULL)`
            : `(${id}, 'Näme ${id}', ${id / 4}, '2026-11-${String((id % 28) + 1).padStart(2, '0')} 10:00:00')`
        );
        await engine.run(`INSERT INTO ${path} VALUES ${rows.join(', ')}`);
      }
      // Seven differences: two removed, two added, three changed (a value, a case, a NULL).
      const copy = engine.source.dialect.tablePath(engine.ref('copy'));
      await engine.run(`DELETE FROM ${copy} WHERE id IN (5, 2999)`);
      await engine.run(`INSERT INTO ${copy} VALUES (-1, 'new', 1, NULL), (100000, 'newer', 2, NULL)`);
      await engine.run(`UPDATE ${copy} SET price = price + 0.01 WHERE id = 10`);
      await engine.run(`UPDATE ${copy} SET name = 'NÄME 11' WHERE id = 11`);
      await engine.run(`UPDATE ${copy} SET name = NULL WHERE id = 12`);
    }
  });
  // A session of SQLite is a process, which would keep this one.
  const closeSessions: (() => Promise<void>)[] = [];
  after(async () => {
    for (const close of closeSessions) await close();
    await sqlite?.stop();
    await mariadb?.stop();
    await temporary?.remove();
  });

  const compare = async (
    one: string,
    other: string,
    parameters: Record<string, string> = {},
    more: { columns?: readonly object[]; killAfter?: number } = {}
  ): Promise<ResultLine['result']> => {
    const services = new ServiceMeasures(async (name) => {
      throw new Error(`no service ${name}`);
    }, sqlite.context);
    // Services of the test are open already.
    Reflect.set(services, 'service', async (name: string) => {
      const engine = name === 'lite' ? sqlite : mariadb;
      const session = await engine.source.session(engine.context);
      closeSessions.push(() => session.close());
      return { type: name === 'lite' ? 'sqlite' : 'mysql', source: engine.source, session };
    });
    const table = record(one, more.columns);
    const { stagedTable } = await import('../../../src/data-quality/list-tests.js');
    const line: TestsLine = {
      key: 'diff',
      table: stagedTable(table),
      definitions: [
        definitionOf(testDefinitionRecord.parse({ ...BUILT_IN_TESTS.get('tableDiff'), id: 'd', name: 'tableDiff' })),
      ],
      cases: [
        {
          id: 'c',
          name: 'same',
          fqn: `${one}.same`,
          tableFqn: one,
          definition: 'tableDiff',
          parameterValues: Object.entries({ table2: other, ...parameters }).map(([name, value]) => ({ name, value })),
          computePassedFailedRowCount: true,
          useDynamicAssertion: false,
          dimensionColumns: [],
          topDimensions: 5,
        },
      ],
    };
    runs += 1;
    const to = { run: `diff${runs}`, stage: 'test-results', slice: '0' };
    const client = { tests: { table: async (fqn: string) => record(fqn, more.columns) } } as unknown as Parameters<
      typeof runUnit
    >[0]['client'];
    const attempt = attemptOn(temporary.store);
    await runUnit({
      ...attempt,
      line,
      to,
      services,
      client,
      config: { type: 'TestSuite' },
      startedAt: Date.UTC(2026, 10, 27),
      storeSamples: true,
      signal: sqlite.context.signal,
    });
    const { store } = temporary;
    for (const entry of await store.manifest(to))
      for (const value of await store.read(entry)) return (value as ResultLine).result;
    throw new Error('no result');
  };

  const pairs: readonly [what: string, one: string, other: string][] = [
    ['two tables of one MariaDB', 'maria.default.shop.original', 'maria.default.shop.copy'],
    ['two tables of one SQLite file', 'lite.default.main.original', 'lite.default.main.copy'],
    ['two services of MariaDB', 'maria.default.shop.original', 'maria2.default.shop.copy'],
    ['MariaDB and SQLite', 'maria.default.shop.original', 'lite.default.main.copy'],
    ['SQLite and MariaDB', 'lite.default.main.original', 'maria.default.shop.copy'],
  ];

  for (const [what, one, other] of pairs) {
    it(`finds the seven differences between ${what}`, async () => {
      const result = await compare(one, other);
      expect(result.testCaseStatus, result.result).to.equal('Failed');
      expect(result.testResultValue).to.deep.equal([
        { name: 'removedRows', value: '2' },
        { name: 'addedRows', value: '2' },
        { name: 'changedRows', value: '3' },
        { name: 'diffCount', value: '7' },
      ]);
      expect([result.result, result.failedRows, result.passedRows]).to.deep.equal([
        'Found 7 different rows which is more than the threshold of 0',
        7,
        ROWS + 2 - 7,
      ]);
    });

    it(`finds none between a table and its equal of ${what}`, async () => {
      const same = other.replace('.copy', '.original');
      const result = await compare(one, same);
      expect([result.testCaseStatus, result.failedRows], result.result).to.deep.equal(['Success', 0]);
    });
  }

  it('passes below its threshold, not on it', async () => {
    const [, one = '', other = ''] = pairs[2] ?? [];
    expect((await compare(one, other, { threshold: '8' })).testCaseStatus).to.equal('Success');
    expect((await compare(one, other, { threshold: '7' })).testCaseStatus).to.equal('Failed');
  });

  it('compares what useColumns and where leave', async () => {
    const [, one = '', other = ''] = pairs[3] ?? [];
    const result = await compare(one, other, { useColumns: '["price"]', where: 'id BETWEEN 0 AND 2000' });
    expect(result.testResultValue.map(({ value }) => value)).to.deep.equal(['1', '0', '1', '2']);
  });

  it('is Aborted, with the reason, without a key, with a key that is not unique, and for a statement as where', async () => {
    const [, one = '', other = ''] = pairs[3] ?? [];
    const keyless = COLUMNS.map(({ name, dataType }) => ({ name, dataType }));
    const noKey = await compare(one, other, {}, { columns: keyless });
    expect([noKey.testCaseStatus, noKey.result]).to.satisfy(
      ([status, text]: [string, string]) => status === 'Aborted' && text.includes('keyColumns')
    );
    const repeated = await compare(one, other, { keyColumns: '["at"]' });
    expect([repeated.testCaseStatus, repeated.result].join(' ')).to.match(/^Aborted .*the key at of .* is not unique/);
    const hostile = await compare(one, other, { where: '1=1); DROP TABLE original; --' });
    expect([hostile.testCaseStatus, hostile.result].join(' ')).to.match(
      /^Aborted .*parameter where holds more than one statement/
    );
    expect(await sqlite.scalar('SELECT COUNT(*) FROM original')).to.equal(ROWS);
  });
});
