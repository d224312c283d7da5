import Database from 'libsql';
import { z } from 'zod';
import { dumpCatalog } from '../../services/catalog-dump.js';

const rows = z.array(z.record(z.string(), z.unknown()));
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const MILLISECONDS = /\b1[789]\d{11}\b/g;
/** A stored password: sealed anew each time. */
const SEALED = /sealed:1:[\w+/=]+/g;
/** What runs leave beside the entities. */
const TABLES = ['lineage_edges', 'entity_usage', 'column_joins', 'table_profiles', 'test_results', 'test_failed_rows'];

/** All that a catalog's file says, without moments and ids: equal for catalogs that say the same. */
export function settled(file: string): Readonly<Record<string, unknown>> {
  const database = new Database(file);
  try {
    database.pragma('busy_timeout = 5000');
    const names = new Map(
      rows.parse(database.prepare('SELECT id, fqn FROM entities').all()).map(({ id, fqn }) => [id, String(fqn)])
    );
    const steady = (value: unknown): string =>
      (Buffer.isBuffer(value) ? value.toString('utf8') : JSON.stringify(value))
        .replaceAll(UUID, (id) => names.get(id) ?? 'id')
        .replaceAll(MILLISECONDS, '0')
        .replaceAll(SEALED, 'sealed');
    const known = new Set(
      rows.parse(database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all()).map(({ name }) => name)
    );
    const tables = TABLES.filter((table) => known.has(table)).map((table) => [
      table,
      rows
        .parse(database.prepare(`SELECT * FROM ${table}`).all())
        .map(steady)
        .sort(),
    ]);
    const entities = Object.entries(dumpCatalog(file)).map(([name, entity]) => [name, steady(entity)]);
    return Object.fromEntries([...entities, ...tables]) as Record<string, unknown>;
  } finally {
    database.close();
  }
}

/** Where two of them differ, the first places; whole catalogs are too long to read. */
export function differences(
  one: Readonly<Record<string, unknown>>,
  other: Readonly<Record<string, unknown>>
): readonly string[] {
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  const differing = keys.filter((key) => JSON.stringify(one[key]) !== JSON.stringify(other[key]));
  return differing.slice(0, 5).map((key) => {
    const [left, right] = [textOf(one[key]), textOf(other[key])];
    const at = [...left].findIndex((char, index) => char !== right[index]);
    const from = Math.max(0, at - 60);
    return `${key}: …${left.slice(from, from + 160)} instead of …${right.slice(from, from + 160)}`;
  });
}

function textOf(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}
