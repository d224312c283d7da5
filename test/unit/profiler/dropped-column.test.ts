import { expect } from 'chai';
import Database from 'libsql';
import { NoSuchColumn } from '../../../src/errors/index.js';
import { Measuring } from '../../../src/measures/index.js';
import { profileTable, resolvePlan } from '../../../src/profiler/index.js';
import type { ProfilerRecipe } from '../../../src/recipe/index.js';
import type { Cell } from '../../../src/sources/index.js';
import { mysqlError } from '../../../src/sources/mysql/errors.js';
import { postgresError } from '../../../src/sources/postgres/errors.js';
import { toIngestionError } from '../../../src/sources/snowflake/errors.js';
import { sqliteError } from '../../../src/sources/sqlite/errors.js';
import { sqliteMeasureDialect } from '../../../src/sources/sqlite/measure-dialect.js';

const COLUMNS = Array.from({ length: 40 }, (_, at) => `c${at}`);
const TABLE = {
  ...{ id: '1', name: 't', fullyQualifiedName: 's.default.main.t', tags: [], customMetrics: [] },
  columns: COLUMNS.map((name) => ({ name, dataType: 'INT', tags: [], customMetrics: [] })),
} as unknown as Parameters<typeof resolvePlan>[0];
const config = { computeTableMetrics: true, computeColumnMetrics: true };
const recipe = {
  source: { type: 'sqlite', serviceName: 's', sourceConfig: { config } },
  workflowConfig: {},
} as unknown as ProfilerRecipe;

describe('A column that was dropped since the metadata run', () => {
  async function profiled(dropped: readonly string[]): Promise<{ sent: number; lacks: readonly string[] }> {
    const database = new Database(':memory:');
    const kept = COLUMNS.filter((name) => !dropped.includes(name));
    database.exec(`CREATE TABLE t (${kept.map((name) => `${name} INT`).join(', ')}); INSERT INTO t (c0) VALUES (1)`);
    let sent = 0;
    const rows = async (sql: string): Promise<Cell[][]> => {
      sent += 1;
      try {
        return database.prepare(sql).raw(true).all() as Cell[][];
      } catch (error) {
        throw sqliteError(error, 's.db');
      }
    };
    const session = { rows, query: async () => ({ columns: [], rows: [] }), close: async () => undefined };
    const measuring = new Measuring(session, { signal: new AbortController().signal });
    const facts = { table: 't', isView: false, rows: 1 };
    const settings = { recipe, server: undefined, database: undefined, schema: undefined, now: 1 };
    const plan = resolvePlan(TABLE, facts, { ...settings, dialect: sqliteMeasureDialect });
    const profile = await profileTable(plan, { dialect: sqliteMeasureDialect, measuring, facts, timestamp: 1 });
    database.close();
    const there = new Set(profile.request.columnProfile?.map(({ name }) => name));
    expect([...profile.missing.values()].filter((reason) => !reason.includes('no such column'))).to.deep.equal([]);
    return { sent, lacks: COLUMNS.filter((name) => !there.has(name)) };
  }

  it('costs one more statement, in which the source names it', async () => {
    const { sent } = await profiled([]);
    expect(await profiled(['c7'])).to.deep.equal({ sent: sent + 1, lacks: ['c7'] });
    expect(await profiled(['c7', 'c39'])).to.deep.equal({ sent: sent + 2, lacks: ['c7', 'c39'] });
  });

  it('is known by the words of each engine', () => {
    const said = (code: string, message: string, more: object = {}): Error =>
      Object.assign(new Error(message), { code, ...more });
    const postgres = { place: 'h:1', user: 'u' } as Parameters<typeof postgresError>[1];
    const faults = [
      mysqlError(said('ER_BAD_FIELD_ERROR', "Unknown column 'it's' in 'field list'", { errno: 1054 }), 'h:1'),
      postgresError(said('42703', 'column "It\'s" does not exist', { severity: 'ERROR' }), postgres),
      sqliteError(said('SQLITE_ERROR', 'no such column: c 7'), 's.db'),
      toIngestionError(
        said('000904', "SQL compilation error: error line 1 at position 7\ninvalid identifier 'C7'"),
        'it'
      ),
      toIngestionError(said('000904', `SQL compilation error: error line 1\ninvalid identifier '"c ""7"'`), 'it'),
      toIngestionError(said('000904', `SQL compilation error: error line 1\ninvalid identifier 'T."c 7"'`), 'it'),
    ];
    expect(faults.map((fault) => (fault instanceof NoSuchColumn ? fault.column : fault.message))).to.deep.equal([
      ...["it's", "It's", 'c 7', 'C7', 'c "7', 'c 7'],
    ]);
  });
});
