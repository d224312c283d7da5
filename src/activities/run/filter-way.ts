import type { Selection } from '../../sources/index.js';

/** How a recipe's filters look at an entity, and why they would leave it out; absent: it is let in. */
export interface FilterWay {
  readonly as: string;
  readonly reason: string | undefined;
}

/**
 * For a selection of the source: what leaves out the database or the schema, and so everything below it; for names
 * inside a schema, `below`.
 */
export async function selectionWays(
  selection: Pick<Selection, 'database' | 'schema'>,
  [database = '', schema, name]: readonly string[],
  below: (database: string, schema: string, name: string) => Promise<FilterWay[]>
): Promise<FilterWay[]> {
  const ofDatabase = await selection.database(database);
  if (ofDatabase !== undefined) return [{ as: `database ${database} is`, reason: ofDatabase }];
  if (schema === undefined) return [];
  const ofSchema = await selection.schema(database, schema);
  if (ofSchema !== undefined) return [{ as: `schema ${schema} is`, reason: ofSchema }];
  return name === undefined ? [] : below(database, schema, name);
}
