import { z } from 'zod';
import type { Statement } from '../common/statement.js';
import { IS_SCHEMA } from './name-conditions.js';

const text = z.string();
const count = z.coerce.number();
const referredRow = z.object({ referredSchema: text, otherKeys: count });
export type ReferredRow = z.infer<typeof referredRow>;

/**
 * The schemas that this schema's foreign keys refer to. `otherKeys` 1: not only to primary keys, so uniqueness there
 * has to be looked up.
 */
export function referredSchemas(schema: string): Statement<ReferredRow> {
  return {
    sql: `SELECT CAST(UNIQUE_CONSTRAINT_SCHEMA AS BINARY) AS referredSchema, MAX(COALESCE(UNIQUE_CONSTRAINT_NAME, '') <> 'PRIMARY') AS otherKeys
FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE ${IS_SCHEMA('CONSTRAINT_SCHEMA')}
GROUP BY CAST(UNIQUE_CONSTRAINT_SCHEMA AS BINARY)`,
    values: [schema, schema],
    row: referredRow,
  };
}

const looseReferenceRow = z.object({ tableName: text, name: text });

/** Foreign keys of `schema` that refer to a non-unique index of `referredSchema` (InnoDB allows that). */
export function looseReferences(schema: string, referredSchema: string): Statement<z.infer<typeof looseReferenceRow>> {
  return {
    sql: `SELECT reference.TABLE_NAME AS tableName, reference.CONSTRAINT_NAME AS name
FROM information_schema.REFERENTIAL_CONSTRAINTS AS reference
LEFT JOIN information_schema.STATISTICS AS referred
  ON referred.TABLE_SCHEMA = ? AND referred.SEQ_IN_INDEX = 1 AND referred.NON_UNIQUE = 1
  AND CAST(referred.TABLE_NAME AS BINARY) = CAST(reference.REFERENCED_TABLE_NAME AS BINARY)
  AND referred.INDEX_NAME = reference.UNIQUE_CONSTRAINT_NAME
WHERE ${IS_SCHEMA('reference.CONSTRAINT_SCHEMA')} AND ${IS_SCHEMA('reference.UNIQUE_CONSTRAINT_SCHEMA')}
  AND (reference.UNIQUE_CONSTRAINT_NAME IS NULL OR referred.INDEX_NAME IS NOT NULL)`,
    values: [referredSchema, schema, schema, referredSchema, referredSchema],
    row: looseReferenceRow,
  };
}
