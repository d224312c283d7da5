import { lstatSync, realpathSync } from 'node:fs';
import { closeToOthers, makePrivateFile } from '../../reach/index.js';
import { createTables, isNewFile } from './catalog-schema.js';
import { refuseCutFile, refuseLostContents } from './lost-contents.js';
import { inPlainWords, notACatalog } from './not-a-catalog.js';
import { PROFILE_TABLES } from './profile-store.js';
import { Sqlite } from './sqlite.js';
import { TEST_TABLES } from './test-store.js';
import { RUN_LOG_TABLES } from './pipeline-status-store.js';
import { USAGE_TABLES } from './usage-tables.js';

/**
 * Opens a catalog file, or creates it. WAL with synchronous NORMAL: a kill -9 loses nothing that was answered, a power
 * cut at most the last moments. @throws Error for a file that isn't a catalog, that lost a part of
 * its contents, or that a later release wrote
 */
export function openDatabase(file: string): Sqlite {
  if (file !== ':memory:') makeFile(file);
  const sqlite = openFile(file);
  try {
    sqlite.pragma('busy_timeout = 5000');
    const isNew = isNewFile(sqlite, file);
    refuseLostContents(sqlite, file, isNew);
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
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw inPlainWords(file, error);
  }
}

function openFile(file: string): Sqlite {
  try {
    return new Sqlite(file);
  } catch (error) {
    throw inPlainWords(file, error);
  }
}

/**
 * The file holds the secret that signs tokens, and so does its log: both are closed to others before anything is in
 * them.
 */
function makeFile(file: string): void {
  const state = lstatSync(file, { throwIfNoEntry: false });
  if (state !== undefined && !state.isFile() && !state.isSymbolicLink()) throw notACatalog(file);
  try {
    refuseCutFile(file);
    makePrivateFile(file);
    for (const ending of ['', '-wal', '-shm', '.key', '.token']) {
      closeToOthers(`${file}${ending}`);
      // the log of a link's target is beside the target
      if (state?.isSymbolicLink() === true) closeToOthers(`${realpathSync(file)}${ending}`);
    }
  } catch (error) {
    throw inPlainWords(file, error);
  }
}
