import type { SchemaRef } from '../../source.js';
import { quotePath } from './identifiers.js';
import type { ListedObject } from './listing.js';
import type { Session } from '../session/session.js';
import { showWhole } from './show.js';

/** Stages by name; the catalog knows no columns of them. */
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
