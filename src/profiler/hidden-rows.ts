import { named } from './named.js';

/**
 * A line for the report about tables of which the source's policies show the account only some rows, or none; undefined
 * if there is none.
 */
export function hiddenRows(tables: readonly string[]): string | undefined {
  if (tables.length === 0) return undefined;
  return `Row-level security is on for ${named(tables)}: only the rows that its policies let the account read are measured, none where no policy names it. Where all are to be, let the account pass it by (BYPASSRLS on PostgreSQL), or give it a policy for all rows.`;
}
