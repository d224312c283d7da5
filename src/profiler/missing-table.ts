import { countWords } from '../contract/count-words.js';
import type { ProfiledTableRecord } from '../openmetadata/index.js';
import type { SchemaFacts } from '../sources/index.js';

/** What can be read like a table, and that no list of tables has. */
const NOT_LISTED: ReadonlySet<string> = new Set(['Stream', 'Stage', 'SemanticView']);

/**
 * Whether the source's catalogue shows that a table can't be read, without a statement: it has no such name, where
 * names that differ by case are those of one table in whatever case.
 * @param name as the source would have it
 */
export function isMissing(
  name: string,
  { tableType }: Pick<ProfiledTableRecord, 'tableType'>,
  { tables, areAll = false, exactNames = false }: SchemaFacts
): boolean {
  if (!areAll || NOT_LISTED.has(tableType ?? '') || tables.has(name)) return false;
  if (exactNames) return true;
  const caseless = name.toLowerCase();
  return ![...tables.keys()].some((listed) => listed.toLowerCase() === caseless);
}

export const MISSING = 'The source lists no table of this name: it was dropped or renamed, or its user may not see it.';
export const INSTEAD = "Run the service's metadata recipe, which marks it as deleted, or grant the right to read it.";

/** Of a schema of which the source lists nothing: a line a table would say the same of each. */
export function missingSchema(tables: number): string {
  return `The source lists no table of this schema, of which ${countWords(tables, 'table is', 'tables are')} to be profiled: it was dropped, renamed or emptied, or its user may not see it. Run the service's metadata recipe, which marks them as deleted, or grant the right to read them.`;
}
