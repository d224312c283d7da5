import Database from 'libsql';
import { z } from 'zod';

/** Keys that differ from file to file or run to run without meaning anything. */
const VOLATILE = new Set([
  'id',
  'href',
  'version',
  'updatedAt',
  'createdAt',
  'changeDescription',
  'incrementalChangeDescription',
  'impersonatedBy',
]);

const row = z.object({ type: z.string(), fqn: z.string(), deleted: z.number(), document: z.string() });

/**
 * Every entity of a catalog's file by type and FQN, without ids, versions and times: equal for catalogs that say the
 * same.
 */
export function dumpCatalog(file: string): Record<string, unknown> {
  const database = new Database(file);
  try {
    database.pragma('busy_timeout = 5000');
    const rows = z.array(row).parse(database.prepare('SELECT type, fqn, deleted, document FROM entities').all());
    const entries = rows.map(({ type, fqn, deleted, document }) => [
      `${type} ${fqn}${deleted === 1 ? ' (deleted)' : ''}`,
      steady(JSON.parse(document)),
    ]);
    return Object.fromEntries(entries.sort(([left], [right]) => (String(left) < String(right) ? -1 : 1))) as Record<
      string,
      unknown
    >;
  } finally {
    database.close();
  }
}

function steady(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(steady);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !VOLATILE.has(key));
  return Object.fromEntries(
    kept.sort(([left], [right]) => (left < right ? -1 : 1)).map(([key, each]) => [key, steady(each)])
  );
}
