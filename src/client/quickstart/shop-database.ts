import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';
import { SHOP_ROWS } from './shop-rows.js';
import { SHOP_SCHEMA } from './shop-schema.js';

/** Raised when tables or rows change, so that an older copy is made again. */
const VERSION = 2;

/**
 * Creates the quickstart's database, a small online shop in SQLite, unless it exists.
 *
 * @returns true when it was created now
 */
export function makeShopDatabase(file: string): boolean {
  if (existsSync(file) && versionOf(file) === VERSION) return false;
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${suffix}`, { force: true });
  mkdirSync(dirname(file), { recursive: true });
  const database = new Database(file);
  try {
    database.exec(`BEGIN; ${SHOP_SCHEMA} ${SHOP_ROWS} PRAGMA user_version = ${VERSION}; COMMIT;`);
  } finally {
    database.close();
  }
  return true;
}

function versionOf(file: string): unknown {
  const database = new Database(file);
  try {
    const row: unknown = database.prepare('PRAGMA user_version').get();
    return typeof row === 'object' && row !== null ? Reflect.get(row, 'user_version') : undefined;
  } finally {
    database.close();
  }
}
