import { chmodSync } from 'node:fs';
import { createTables, isNewFile } from './catalog-schema.js';
import { notACatalog } from './not-a-catalog.js';
import { PROFILE_TABLES } from './profile-store.js';
import { Sqlite } from './sqlite.js';
import { TEST_TABLES } from './test-store.js';
import { RUN_LOG_TABLES } from './pipeline-status-store.js';
import { USAGE_TABLES } from './usage-tables.js';

/** The file holds the secret that tokens are signed with. */
const OWNER_ONLY = 0o600;

/**
 * Opens a catalog file, or makes it. WAL with synchronous NORMAL: a kill -9 loses nothing that was answered, a power cut at most the last
 * moments. @throws Error for a file that is no catalog, or one of a later release
 */
export function openDatabase(file: string): Sqlite {
  const sqlite = new Sqlite(file);
  try {
    sqlite.pragma('busy_timeout = 5000');
    const isNew = isNewFile(sqlite, file);
    sqlite.pragma('page_size = 8192'); // Takes effect on a new file: a table's document mostly fits one page.
    sqlite.pragma('cache_size = -32000'); // 32 MB, the most that reading the file may keep in memory.
    sqlite.pragma('journal_mode = WAL');
    sqlite.pragma('synchronous = NORMAL');
    sqlite.pragma('foreign_keys = ON');
    if (isNew) createTables(sqlite);
    sqlite.exec(TEST_TABLES);
    sqlite.exec(USAGE_TABLES);
    sqlite.exec(RUN_LOG_TABLES);
    sqlite.exec(PROFILE_TABLES);
    if (file !== ':memory:') chmodSync(file, OWNER_ONLY);
    return sqlite;
  } catch (error) {
    sqlite.close();
    if (!(error instanceof Error && 'code' in error && error.code === 'SQLITE_NOTADB')) throw error;
    throw notACatalog(file, error);
  }
}
