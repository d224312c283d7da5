import type { TestSuiteConfig } from '../recipe/index.js';
import type { MeasureSource } from '../sources/index.js';
import { sampleSettingOf, tableRefOf } from './row-set.js';
import type { StagedTable } from './staged-lines.js';

/** The number of rows that a source says a table has, asked for only if the sample depends on it. */
export async function rowsKnown(
  source: Pick<MeasureSource, 'facts'>,
  table: StagedTable,
  config: TestSuiteConfig
): Promise<number | undefined> {
  if (sampleSettingOf(table, config)?.dynamic === undefined) return undefined;
  const ref = tableRefOf(table.fqn);
  return (await source.facts(ref)).tables.get(ref.table)?.rows;
}
