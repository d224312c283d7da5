import type { SchemaRef } from '../../source.js';
import { quotePath, quoteText } from './identifiers.js';
import type { ListedObject } from './listed-object.js';
import type { Row } from '../session/row.js';
import { MOST_COLLECTED_ROWS, type Session } from '../session/session.js';
import { namesAmong } from './scopes.js';
import { showWhole } from './show.js';

/** Stages by name; the catalog has no columns for them. */
export async function listStages(session: Session, { database, schema }: SchemaRef): Promise<ListedObject[]> {
  const rows = await showWhole(
    session,
    {
      sql: `SHOW STAGES IN SCHEMA ${quotePath(database, schema)}`,
      doing: `listing the stages of ${database}.${schema}`,
    },
    'Set includeStages: false, or leave this schema out by schemaFilterPattern.'
  );
  return rows.map((row) => {
    const description = row.optionalText('comment');
    return { name: row.text('name'), tableType: 'Stage', ...(description === undefined ? {} : { description }) };
  });
}

/**
 * Those of `names` that are stages, however many the schema has: where one answer does not hold them all, Snowflake is
 * asked name by name.
 */
export async function stagesAmong(
  session: Session,
  { database, schema }: SchemaRef,
  names: readonly string[]
): Promise<string[]> {
  const show = (like: string): Promise<Row[]> =>
    session.all({
      sql: `SHOW STAGES ${like}IN SCHEMA ${quotePath(database, schema)}`,
      doing: `looking for stages of ${database}.${schema}`,
    });
  const rows = await show('');
  const there = new Set(namesAmong(names, rows, 'name'));
  if (rows.length < MOST_COLLECTED_ROWS) return [...there];
  for (const name of names) {
    if (there.has(name)) continue;
    // In the pattern, `_` and `%` match more than the name itself, so it may be among those that a full answer leaves
    // out.
    const alike = await show(`LIKE ${quoteText(name)} `);
    if (alike.length >= MOST_COLLECTED_ROWS || namesAmong([name], alike, 'name').length > 0) there.add(name);
  }
  return [...there];
}
