import { expect } from 'chai';
import { TableFinder } from '../../../src/lineage/index.js';
import type { LoggedTable } from '../../../src/sources/index.js';
import { ParserPool } from '../../../src/sql/index.js';
import { parseTexts } from '../../../src/usage/parse-groups.js';
import { TextGroups } from '../../../src/usage/text-groups.js';
import { edgesCatalog, type EdgesCatalog } from '../lineage/catalog.js';

const [T, U]: [LoggedTable, LoggedTable] = [
  ['D', 'S', 'T'],
  ['D', 'S', 'U'],
];
interface Access {
  readonly read: readonly LoggedTable[];
  readonly written: readonly LoggedTable[];
}

/** Kind, text, and how T and U were used where the log names T, which is written, and U as read. */
const TARGETS: readonly (readonly [string, string, ...string[]])[] = [
  // the row that is changed is looked for, and no more
  ['DELETE', 'DELETE FROM T WHERE ID IN (SELECT ID FROM U)', 'T updated', 'U accessed'],
  ['UPDATE', 'UPDATE T SET K = T.K + 1 FROM U WHERE U.ID = T.ID', 'T updated', 'U accessed'],
  ['MERGE', 'MERGE INTO D.S.T USING U ON T.ID = U.ID WHEN MATCHED THEN DELETE', 'T updated', 'U accessed'],
  ['UPDATE', '<redacted>', 'T updated', 'U accessed'],
  ['DELETE', '', 'T updated', 'U accessed'],
  // read besides
  ['DELETE', 'DELETE FROM T USING U, T X WHERE T.ID > X.ID AND U.ID = X.ID', 'T accessed+updated', 'U accessed'],
  ['UPDATE', 'UPDATE T SET K = X.K FROM S.T X, U WHERE X.ID = T.ID', 'T accessed+updated', 'U accessed'],
  [
    'MERGE',
    'MERGE INTO T USING (SELECT T.* FROM t JOIN U USING (ID)) X ON X.ID = T.ID WHEN MATCHED THEN DELETE',
    'T accessed+updated',
    'U accessed',
  ],
  // what an INSERT reads through a view, its text does not name
  ['INSERT', 'INSERT INTO T SELECT * FROM U', 'T accessed+updated', 'U accessed'],
];

/** The same where the log names what is written, and neither T nor U as read. */
const UNREAD: readonly (readonly [readonly LoggedTable[], string, string, ...string[]])[] = [
  [[T, U], 'ALTER', 'ALTER TABLE T SWAP WITH U', 'T accessed+updated', 'U accessed+updated'],
  [[T, U], 'ALTER_TABLE', 'alter table d.s.u swap with s.t', 'T accessed+updated', 'U accessed+updated'],
  [[T, U], 'ALTER', '<redacted>', 'T updated', 'U updated'],
  [[T], 'DELETE', 'DELETE FROM T WHERE ID IN (SELECT max(ID) FROM T)', 'T accessed+updated'],
  [[T], 'DELETE', 'DELETE FROM T WHERE ID = 1', 'T updated'],
  [[T], 'ALTER', 'ALTER TABLE T ADD COLUMN X INT', 'T updated'],
  [[T], 'CREATE_TABLE_AS_SELECT', 'CREATE OR REPLACE TABLE T AS SELECT * FROM T', 'T created'],
];

describe('Statements that their source has counted', () => {
  let om: EdgesCatalog;
  let pool: ParserPool;

  before(async () => {
    om = await edgesCatalog();
    pool = new ParserPool({ threads: 1 });
    for (const name of ['T', 'U']) await om.add(`s.D.S.${name}`, ['ID', 'K']);
  });
  after(async () => {
    await pool.close();
    await om.close();
  });

  /** How the tables of a statement were used. */
  async function used(text: string, queryType: string, access: Access): Promise<string[]> {
    const groups = new TextGroups('snowflake');
    groups.addCounted({
      ...{ text, queryType, access, database: 'D', schema: 'S' },
      ...{ users: [], newestAt: 5, days: [{ day: 0, runs: 1, durationMs: 0 }] },
    });
    const { signal } = new AbortController();
    const finder = new TableFinder(om.client, ['s'], { dialect: 'snowflake', folding: 'upper' }, signal);
    const all = groups.take().map(([, group]) => group);
    const { lines } = await parseTexts(all, { pool, finder, dialect: 'snowflake', signal });
    return lines.flatMap((line) => line.tables.map(({ fqn, uses }) => `${fqn.slice(6)} ${uses.join('+')}`));
  }

  for (const [queryType, text, ...tables] of TARGETS)
    it(`access what they write where the text reads it besides: ${queryType} ${text}`, async () => {
      expect(await used(text, queryType, { read: [T, U], written: [T] })).to.deep.equal(tables);
    });

  for (const [written, queryType, text, ...tables] of UNREAD)
    it(`access what they write where the text alone tells that it is read: ${queryType} ${text}`, async () => {
      expect(await used(text, queryType, { read: [], written })).to.deep.equal(tables);
    });

  it('count without a text, which is not stored then', () => {
    const groups = new TextGroups('snowflake');
    groups.addCounted({
      ...{ text: '', access: { read: [T], written: [] }, users: [{ login: 'ANN' }], newestAt: 5, newestUser: 'ANN' },
      days: [{ day: 0, runs: 3, durationMs: 9 }],
    });
    const [[, group] = []] = groups.take();
    expect(group).to.include({ text: '' }).and.not.to.have.property('masked');
    expect(group?.days[0]?.runs).to.equal(3);
  });
});
