import { createHash } from 'node:crypto';
import { z } from 'zod';
import { statement } from '../common/statement.js';
import type { MysqlSession } from './session.js';

const partitionRow = z.object({
  table: z.string(),
  partition: z.string(),
  tableRows: z.coerce.number().nullable(),
  updated: z.coerce.number().nullable(),
});

const PARTITIONS = `SELECT TABLE_NAME AS \`table\`, CONCAT_WS('/', PARTITION_NAME, SUBPARTITION_NAME) AS \`partition\`,
  TABLE_ROWS AS tableRows, UNIX_TIMESTAMP(UPDATE_TIME) AS updated
FROM information_schema.PARTITIONS
WHERE TABLE_SCHEMA = ? AND CAST(TABLE_SCHEMA AS BINARY) = CAST(? AS BINARY) AND PARTITION_NAME IS NOT NULL
ORDER BY TABLE_NAME, PARTITION_ORDINAL_POSITION, SUBPARTITION_ORDINAL_POSITION`;

/**
 * What differs after a partition was emptied or changed places with a table, by the tables' names: a partition then has
 * the time of the other table, which may be an older one.
 */
export async function partitionMarks(session: MysqlSession, schema: string): Promise<Map<string, string>> {
  const rows = await session.query(statement(partitionRow, PARTITIONS, [schema, schema]));
  const hashes = new Map<string, ReturnType<typeof createHash>>();
  for (const { table, partition, tableRows, updated } of rows) {
    const hash = hashes.get(table) ?? createHash('sha256');
    hashes.set(table, hash);
    // the estimate of what nobody wrote to since the server's start does not move by itself
    const state = updated === null ? `unwritten ${tableRows}` : `${updated} ${tableRows === 0 ? 'empty' : 'rows'}`;
    hash.update(JSON.stringify([partition, state]));
  }
  return new Map([...hashes].map(([table, hash]) => [table, hash.digest('base64url').slice(0, 22)]));
}
