/**
 * A line for the report about tables of which the source's policies show the account only some rows, or none.
 * @param done with those rows: `measured`
 */
export function hiddenRows(tables: string, done: 'measured' | 'tested'): string {
  return `Row-level security is on for ${tables}: only the rows that its policies let the account read are ${done}, none where no policy names it. Where all are to be, let the account pass it by (BYPASSRLS on PostgreSQL), or give it a policy for all rows; a view reads as its owner does, unless it is a security_invoker.`;
}
