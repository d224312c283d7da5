import { StatementTimeout } from '../errors/index.js';
import { countRowsSql, type FiniteDialect } from '../measures/index.js';
import type { TestSuiteConfig } from '../recipe/index.js';
import { sessionFor, type MeasureSession, type MeasureSource } from '../sources/index.js';
import { rowSetOf, sampleSettingOf, tableRefOf } from './row-set.js';
import type { StagedTable } from './staged-lines.js';

/**
 * How many rows a dynamic sample is taken of, asked for only if there is one: a table's as the source knows them, those
 * of a partition or a query counted.
 * @param session opens the one that counts; without it nothing is read, and what has to be counted is undefined
 * @param now milliseconds since the epoch; time partitions count back from here
 */
export async function rowsKnown(
  { source, session, now }: { source: RowsSource; session?: () => Promise<MeasureSession>; now: number },
  table: StagedTable,
  config: TestSuiteConfig
): Promise<number | undefined> {
  if (sampleSettingOf(table, config)?.dynamic === undefined) return undefined;
  const rows = rowSetOf(table, config, { now, seed: 0, dialect: source.dialect });
  if (rows.where === undefined && rows.query === undefined) {
    const ref = tableRefOf(table.fqn);
    return (await source.facts(ref)).tables.get(ref.table)?.rows;
  }
  try {
    if (session === undefined) return undefined;
    const [row] = await sessionFor(await session(), rows).rows(countRowsSql(rows, source.dialect));
    return row === undefined ? undefined : Number(row[0]);
  } catch (error) {
    // the tests' own statements have that limit too, and each says what it did not learn
    if (error instanceof StatementTimeout) return undefined;
    throw error;
  }
}

interface RowsSource extends Pick<MeasureSource, 'facts'> {
  readonly dialect: Pick<MeasureSource['dialect'], 'from'> & FiniteDialect;
}
