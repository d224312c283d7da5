import type { CheckOptions, Selection } from '../../sources/index.js';

/** What profiles and tests read from a source: rows of tables and views, and what the catalogue says about them. */
export const ROWS_READ: CheckOptions = {
  includeTables: true,
  includeViews: true,
  includeStoredProcedures: false,
  includeDDL: false,
  includeTags: false,
  readsRows: true,
};

/** One table and nothing else; names of the source. */
export function onlyTable(database: string, schema: string, table: string): Selection {
  const other = 'not the table of the suite';
  const unless = (isIt: boolean): string | undefined => (isIt ? undefined : other);
  return {
    database: (name) => unless(name === database),
    schema: (inDatabase, name) => unless(inDatabase === database && name === schema),
    table: (inDatabase, inSchema, name) => unless(inDatabase === database && inSchema === schema && name === table),
    procedure: () => other,
  };
}
