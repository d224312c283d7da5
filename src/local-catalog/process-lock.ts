import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'libsql';
import { makePrivateFile, makePrivateFolder } from '../reach/index.js';
import { z } from 'zod';

/** A lock between processes, held until `release` or until the process ends, in whatever way, `kill -9` included. */
export interface ProcessLock {
  release(): void;
}

const holderRow = z.object({ pid: z.number().int() });

/**
 * Takes the lock kept in `file`, or returns the process id of its holder.
 *
 * The lock is a SQLite write lock: the kernel releases it with its process, so that no crash leaves a lock behind, and
 * the holder's process id stays readable for the message.
 */
export function tryLock(file: string): ProcessLock | { readonly heldBy: number | undefined } {
  makePrivateFolder(dirname(file));
  makePrivateFile(file);
  const database = new Database(file);
  try {
    database.exec('PRAGMA busy_timeout = 0');
    database.exec('CREATE TABLE IF NOT EXISTS holder (pid INTEGER NOT NULL)');
    database.exec('BEGIN IMMEDIATE');
    database.exec(`DELETE FROM holder; INSERT INTO holder VALUES (${process.pid}); COMMIT; BEGIN IMMEDIATE`);
  } catch (error) {
    if (!isBusy(error)) {
      database.close();
      throw error;
    }
    const heldBy = readHolder(database);
    database.close();
    return { heldBy };
  }
  return {
    release: () => {
      database.exec('ROLLBACK');
      database.close();
    },
  };
}

/**
 * Waits until the lock kept in `file` is free and takes it. `onWait` is told once who holds it.
 *
 * @throws the signal's reason when aborted.
 */
export async function lock(
  file: string,
  options: { onWait?: (heldBy: number | undefined) => void; signal?: AbortSignal } = {}
): Promise<ProcessLock> {
  let told = false;
  for (;;) {
    options.signal?.throwIfAborted();
    const outcome = tryLock(file);
    if ('release' in outcome) return outcome;
    if (!told) options.onWait?.(outcome.heldBy);
    told = true;
    await sleep(500);
  }
}

function readHolder(database: Database.Database): number | undefined {
  try {
    return holderRow.parse(database.prepare('SELECT pid FROM holder').get()).pid;
  } catch {
    return undefined;
  }
}

function isBusy(error: unknown): boolean {
  return (
    error instanceof Error &&
    /SQLITE_BUSY|database is locked/.test(`${String(Reflect.get(error, 'code'))} ${error.message}`)
  );
}
