import { expect } from 'chai';
import { openSnowflakeMetadata } from '../../../../src/sources/snowflake/metadata.js';
import { KeyReader } from '../../../../src/sources/snowflake/catalog/keys.js';
import { Session } from '../../../../src/sources/snowflake/session/session.js';
import { showAll, showWhole } from '../../../../src/sources/snowflake/catalog/show.js';
import { PermanentError } from '../../../../src/errors/index.js';
import {
  collect,
  configWith,
  driverError,
  FakeDriver,
  recordedContext,
  thrownBy,
  type Answer,
  type AskedStatement,
  type FakeRow,
} from './fake-driver.js';
import { ALL_OPTIONS, EVERYTHING } from '../../../conformance/everything.js';

const SCHEMA = { database: 'D', schema: 'S' };
const TOO_MUCH = driverError('090030', 'Information schema query returned too much data.');

function tableName(index: number): string {
  return `T${String(index).padStart(4, '0')}`;
}

function tableRows(count: number): FakeRow[] {
  return Array.from({ length: count }, (_, index) => ({ TABLE_NAME: tableName(index), TABLE_TYPE: 'BASE TABLE' }));
}

function columnRow(table: string | number): FakeRow {
  const column = { N: 'ID', O: 1, T: 'DATE' };
  return { TABLE_NAME: table, COLUMN_LIST: JSON.stringify([column]) };
}

/** Answers a schema of `count` tables with a column each; COLUMNS only for at most `most` tables at once. */
function catalog(count: number, most: number): (asked: AskedStatement) => Answer | undefined {
  return ({ sql, binds }) => {
    if (sql.includes('INFORMATION_SCHEMA.TABLES')) return tableRows(count);
    if (!sql.includes('INFORMATION_SCHEMA.COLUMNS')) return undefined;
    const named = sql.includes(' IN (') ? binds.slice(1) : undefined;
    return named === undefined || named.length > most ? TOO_MUCH : named.map(columnRow);
  };
}

async function openSession(driver: FakeDriver): Promise<{ session: Session; warnings: string[] }> {
  const context = recordedContext();
  return { session: new Session(driver.createConnection({}), context, 1_000), warnings: context.warnings };
}

describe('Snowflake: a catalog too large for one answer', () => {
  it('has its columns read for a hundred tables at a time when the schema as a whole is refused (90030)', async () => {
    const driver = new FakeDriver({ answer: catalog(250, 100) });
    const context = recordedContext();
    const source = await openSnowflakeMetadata(configWith(), context, driver);
    const records = await collect(source.read(SCHEMA, EVERYTHING, { ...ALL_OPTIONS, includeTags: false }));
    expect(records.map((record) => record.name)).to.deep.equal(tableRows(250).map((row) => row['TABLE_NAME']));
    expect(records.every((record) => record.kind === 'table' && record.columns.length === 1)).to.equal(true);
    expect(driver.asked.filter(({ sql }) => sql.includes('INFORMATION_SCHEMA.COLUMNS'))).to.have.length(1 + 3);
    expect(context.warnings.filter((warning) => warning.includes('90030'))).to.have.length(1);
  });

  it('has them read for fewer where even those are refused, and one table that is too much alone is a problem', async () => {
    const answer = catalog(4, 2);
    const driver = new FakeDriver({
      answer: (asked) => (asked.binds.includes('T0002') && asked.sql.includes('.COLUMNS') ? TOO_MUCH : answer(asked)),
    });
    const source = await openSnowflakeMetadata(configWith(), recordedContext(), driver);
    const records = await collect(source.read(SCHEMA, EVERYTHING, ALL_OPTIONS));
    expect(records.map((record) => `${record.name} ${record.kind}`)).to.deep.equal([
      'T0000 table',
      'T0001 table',
      'T0002 problem',
      'T0003 table',
    ]);
  });

  it('has its tables listed in pages when the list as a whole is refused', async () => {
    const driver = new FakeDriver({
      answer: ({ sql, binds }) => {
        if (sql.includes('.COLUMNS')) return tableRows(1_500).map((row) => columnRow(String(row['TABLE_NAME'])));
        if (!sql.includes('.TABLES')) return undefined;
        if (!sql.includes('LIMIT 1000')) return TOO_MUCH;
        const after = binds[1];
        return tableRows(1_500)
          .filter((row) => after === undefined || String(row['TABLE_NAME']) > String(after))
          .slice(0, 1_000);
      },
    });
    const source = await openSnowflakeMetadata(configWith(), recordedContext(), driver);
    const records = await collect(source.read(SCHEMA, EVERYTHING, ALL_OPTIONS));
    expect(records).to.have.length(1_500);
    expect(new Set(records.map((record) => record.name)).size).to.equal(1_500);
  });

  it('has its keys asked for table by table where SHOW reaches its limit', async () => {
    const key = (table: string): FakeRow => ({
      database_name: 'D',
      schema_name: 'S',
      table_name: table,
      column_name: `${table}_ID`,
      key_sequence: 1,
      constraint_name: `PK_${table}`,
    });
    const driver = new FakeDriver({
      answer: ({ sql }) => {
        const [, table] = /^SHOW PRIMARY KEYS IN TABLE "D"\."S"\."(.*)"$/.exec(sql) ?? [];
        if (table !== undefined) return [key(table)];
        return sql === 'SHOW PRIMARY KEYS IN SCHEMA "D"."S"' ? [key('A'), key('B')] : undefined;
      },
    });
    const { session, warnings } = await openSession(driver);
    const keys = new KeyReader(session, SCHEMA, { limit: 2 });
    expect(await keys.read('A')).to.deep.equal({ primaryKey: ['A_ID'] });
    expect(await keys.read('C')).to.deep.equal({ primaryKey: ['C_ID'] });
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.contain('primary keys');
  });

  it('has a SHOW list continued after its last name until it ends', async () => {
    const names = ['A', 'B', 'C', "D'S", 'E'];
    const driver = new FakeDriver({
      answer: ({ sql }) => {
        const [, last] = /LIMIT 2 FROM '(.*)'$/.exec(sql) ?? [];
        return names
          .filter((name) => last === undefined || name > last.replaceAll("''", "'"))
          .slice(0, 2)
          .map((name) => ({ name }));
      },
    });
    const { session } = await openSession(driver);
    const rows = await showAll(session, { sql: 'SHOW STREAMS IN SCHEMA "D"."S"', doing: 'listing', limit: 2 });
    expect(rows.map((row) => row.text('name'))).to.deep.equal(names);
  });

  it('is refused, never given short, where SHOW cannot be gone on with', async () => {
    const { session } = await openSession(new FakeDriver({ answer: () => [{ name: 'A' }, { name: 'B' }] }));
    const error = await thrownBy(() =>
      showWhole(session, { sql: 'SHOW STAGES', doing: 'listing', limit: 2 }, 'Set includeStages: false.')
    );
    expect(error).to.be.instanceOf(PermanentError).with.property('remedy', 'Set includeStages: false.');
  });
});
