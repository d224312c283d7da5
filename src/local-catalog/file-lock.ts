import Database from 'libsql';

/**
 * Keeps a second process off a catalog file. The lock is an exclusive transaction on a database of its own beside it: the system drops it
 * with the process that holds it, even after kill -9, and the catalog's file itself stays readable for others.
 */
export class FileLock {
  readonly #database: Database.Database;

  /** @throws Error naming the file when another process, or another catalog in this one, holds it */
  constructor(file: string) {
    this.#database = new Database(`${file}.lock`);
    try {
      this.#database.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      this.#database.close();
      if (!isBusy(error)) throw error;
      throw new Error(
        `The catalog file ${file} is in use by another local catalog. Stop that one, or start this one on another file.`,
        { cause: error }
      );
    }
  }

  release(): void {
    this.#database.exec('ROLLBACK');
    this.#database.close();
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY';
}
