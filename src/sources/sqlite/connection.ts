import { resolve } from 'node:path';
import Database from 'libsql';
import { z } from 'zod';
import { PermanentError } from '../../errors/index.js';
import { FileRefused, regularFilePath } from '../../reach/index.js';
import type { SourceContext } from '../source.js';
import { CollectedRows } from '../common/collected-rows.js';
import { modelledRows } from '../common/row-model.js';
import { statementHeader } from '../common/statement-header.js';
import { sqliteError } from './errors.js';
import type { SqliteConnectionConfig } from './config.js';

/** Milliseconds to wait for a writer's lock. */
export const BUSY_TIMEOUT_MS = 5_000;

/** A statement and the model of its rows. */
export interface SqliteStatement<Row> {
  readonly sql: string;
  readonly values: readonly (string | number)[];
  readonly row: z.ZodType<Row>;
}

/**
 * A database file opened for reading only. Calls are synchronous, so statements are kept short: a page of tables each.
 */
export class SqliteConnection {
  readonly #database: Database.Database;

  /**
   * A relative path is looked up from the worker's working folder.
   * @throws PermanentError when there is no such file, the recipe may not name it, or it isn't a database.
   */
  static async open(config: SqliteConnectionConfig, context: SourceContext): Promise<SqliteConnection> {
    const file = await trueFile(resolve(config.databaseMode), config.databaseMode);
    try {
      const database = new Database(readOnlyUri(file));
      database.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
      const connection = new SqliteConnection(file, database, context);
      connection.all({ sql: 'SELECT COUNT(*) FROM sqlite_schema', values: [], row: z.unknown() });
      return connection;
    } catch (error) {
      throw sqliteError(error, file);
    }
  }

  private constructor(
    readonly file: string,
    database: Database.Database,
    private readonly context: SourceContext
  ) {
    this.#database = database;
  }

  /** All rows of a statement that is bounded by its text. */
  all<Row>(statement: SqliteStatement<Row>): Row[] {
    this.context.signal.throwIfAborted();
    const started = performance.now();
    try {
      const sql = statementHeader(this.context.runTag) + statement.sql;
      const collected = new CollectedRows<unknown>(`SQLite database ${this.file}`);
      for (const row of this.#database.prepare(sql).iterate(...statement.values)) collected.add(row);
      return modelledRows(z.array(statement.row), collected.rows, `SQLite database ${this.file}`);
    } catch (error) {
      throw sqliteError(error, this.file);
    } finally {
      this.context.onStatement(performance.now() - started);
    }
  }

  close(): void {
    this.#database.close();
  }
}

/** The library opens (and makes) files whatever its options say; a URI with mode=ro is what it honours. */
export function readOnlyUri(file: string): string {
  const path = file.split('/').map(encodeURIComponent).join('/');
  return `file:${path}?mode=ro`;
}

async function trueFile(file: string, asGiven: string): Promise<string> {
  const where = 'source.serviceConnection.config.databaseMode';
  try {
    return await regularFilePath(file);
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    throw new PermanentError(`The SQLite database ${file} ${error.message}.`, {
      where,
      remedy:
        error.code === undefined || asGiven === file
          ? 'Give the path of a database file that the worker may read.'
          : `Check the path; ${asGiven} is looked up from ${process.cwd()}.`,
    });
  }
}
