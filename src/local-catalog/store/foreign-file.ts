import { closeSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { hasTables, isOurs, MARK } from './catalog-schema.js';
import { MAGIC } from './lost-contents.js';
import { notACatalog } from './not-a-catalog.js';
import { Sqlite } from './sqlite.js';

/** Bytes of a log that are looked at: what made the tables stands at its beginning. */
const LOG_BYTES = 1024 * 1024;

/**
 * Refuses what is certainly somebody else's (no regular file, no SQLite, SQLite with other tables) before anything of
 * it or beside it is changed. Only reads; what can't be told so is left to who opens the file.
 *
 * @throws Error
 */
export function refuseForeignFile(file: string): void {
  const state = statSync(file, { throwIfNoEntry: false });
  if (state === undefined) return;
  if (!state.isFile()) throw notACatalog(file);
  if (state.size === 0) return;
  const path = realpathSync(file);
  if (startOf(path, MAGIC.length).toString('latin1') !== MAGIC) throw notACatalog(file);
  if (hasOtherTables(path) || hasOtherLog(`${path}-wal`)) throw notACatalog(file);
}

function hasOtherTables(path: string): boolean {
  let sqlite: Sqlite | undefined;
  try {
    // immutable: SQLite makes no lock, no log and no index of a log beside it
    sqlite = new Sqlite(`${pathToFileURL(path).href}?immutable=1`, { readonly: true });
    return hasTables(sqlite) && !isOurs(sqlite);
  } catch {
    return false; // damaged, or just being written
  } finally {
    sqlite?.close();
  }
}

/** Of a database that is in use, the tables may be in its log alone. */
function hasOtherLog(log: string): boolean {
  if (statSync(log, { throwIfNoEntry: false })?.isFile() !== true) return false;
  const bytes = startOf(log, LOG_BYTES);
  return bytes.includes('CREATE TABLE') && !bytes.includes(MARK);
}

function startOf(file: string, most: number): Buffer {
  const bytes = Buffer.alloc(most);
  const opened = openSync(file, 'r');
  try {
    return bytes.subarray(0, readSync(opened, bytes, 0, most, 0));
  } finally {
    closeSync(opened);
  }
}
