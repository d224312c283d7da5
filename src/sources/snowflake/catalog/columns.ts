import { TransientError } from '../../../errors/index.js';
import type { SchemaRef } from '../../source.js';
import { columnRows } from './column-list.js';
import { isTooMuchData } from '../errors.js';
import * as queries from './queries.js';
import type { Row } from '../session/row.js';
import type { Session } from '../session/session.js';
import { SortedRows } from '../session/sorted-rows.js';

/**
 * Tables asked for in one statement when the schema as a whole is too much for INFORMATION_SCHEMA, or isn't wanted
 * whole.
 */
const TABLES_PER_STATEMENT = 100;

/**
 * What INFORMATION_SCHEMA.COLUMNS says about some tables, by table, one row per column; an Error if a table's columns
 * can't be read even on their own.
 */
export type ColumnRows = ReadonlyMap<string, readonly Row[] | Error>;

/**
 * The columns of a schema's tables, asked for in the order of the tables. The whole schema is one streamed statement;
 * when Snowflake refuses that as too much (90030), or only some tables are wanted, pages of tables are asked for by
 * name.
 */
export class ColumnReader {
  readonly #session: Session;
  readonly #schema: SchemaRef;
  readonly #until: string | undefined;
  #paged: boolean;
  #rows: SortedRows | undefined;

  constructor(
    session: Session,
    schema: SchemaRef,
    options: { readonly someTablesOnly: boolean; readonly until?: string | undefined }
  ) {
    this.#session = session;
    this.#schema = schema;
    this.#paged = options.someTablesOnly;
    this.#until = options.until;
  }

  /** @param names ascending, and after those of earlier calls */
  async read(names: readonly string[]): Promise<ColumnRows> {
    const [first] = names;
    if (first === undefined) return new Map();
    if (!this.#paged) {
      try {
        return await this.#readOn(names, first);
      } catch (error) {
        if (!isTooMuchData(error)) throw error;
        this.#paged = true;
        const { database, schema } = this.#schema;
        this.#session.context.onWarning(
          `INFORMATION_SCHEMA.COLUMNS of ${database}.${schema} is too much for one answer (90030): its columns are read for ${TABLES_PER_STATEMENT} tables at a time.`
        );
      }
    }
    const found = new Map<string, readonly Row[] | Error>();
    for (let start = 0; start < names.length; start += TABLES_PER_STATEMENT) {
      await this.#readNamed(names.slice(start, start + TABLES_PER_STATEMENT), found);
    }
    return found;
  }

  async close(): Promise<void> {
    await this.#rows?.close();
  }

  async #readOn(names: readonly string[], first: string): Promise<ColumnRows> {
    this.#rows ??= new SortedRows(
      this.#session.batches(queries.columnsFrom(this.#schema, first, this.#until)),
      'TABLE_NAME'
    );
    const found = new Map<string, readonly Row[]>();
    for (const name of names) found.set(name, (await this.#rows.take(name)).flatMap(columnRows));
    return found;
  }

  async #readNamed(names: readonly string[], found: Map<string, readonly Row[] | Error>): Promise<void> {
    try {
      const rows = new SortedRows(this.#session.batches(queries.columnsOf(this.#schema, names)), 'TABLE_NAME');
      for (const name of names) found.set(name, (await rows.take(name)).flatMap(columnRows));
      // Read to the end, so that a truncated result is noticed.
      while ((await rows.takeNext()) !== undefined);
    } catch (error) {
      if (!isTooMuchData(error)) throw error;
      if (names.length === 1)
        return void found.set(names[0] ?? '', error instanceof Error ? error : new TransientError(String(error)));
      const middle = Math.ceil(names.length / 2);
      await this.#readNamed(names.slice(0, middle), found);
      await this.#readNamed(names.slice(middle), found);
    }
  }
}
