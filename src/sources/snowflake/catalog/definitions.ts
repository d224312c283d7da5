import { IngestionError } from '../../../errors/index.js';
import type { SchemaRef } from '../../source.js';
import { isTooMuchData } from '../errors.js';
import { ddl, viewsFrom } from './queries.js';
import type { Session } from '../session/session.js';
import { SortedRows } from '../session/sorted-rows.js';
import { countWords } from '../../../contract/count-words.js';

/** Object types of GET_DDL. */
export type DdlKind = 'TABLE' | 'VIEW' | 'STREAM' | 'SEMANTIC_VIEW';

export interface DdlRequest {
  readonly kind: DdlKind;
  readonly name: string;
}

/** The SQL, or why there is none. */
export type Definition = { readonly text: string } | { readonly missing: string };

/** Calls of GET_DDL in one statement: each compiles on its own, so more would only make one slow statement. */
const OBJECTS_PER_STATEMENT = 25;

/** Views' SQL from the catalog, and GET_DDL if the catalog has none or the DDL is wanted. */
export class DefinitionReader {
  readonly #session: Session;
  readonly #schema: SchemaRef;
  #views: SortedRows | undefined;
  #viewsUnreadable = false;
  #asked = 0;
  #statements = 0;

  constructor(session: Session, schema: SchemaRef) {
    this.#session = session;
    this.#schema = schema;
  }

  /**
   * @param view ascending from call to call. undefined when the catalog doesn't give the SQL (a secure view of another
   * role).
   */
  async ofView(view: string): Promise<string | undefined> {
    if (this.#viewsUnreadable) return undefined;
    try {
      this.#views ??= new SortedRows(this.#session.batches(viewsFrom(this.#schema, view)), 'TABLE_NAME');
      const [row] = await this.#views.take(view);
      return row?.optionalText('VIEW_DEFINITION');
    } catch (error) {
      if (!isTooMuchData(error)) throw error;
      this.#viewsUnreadable = true;
      return undefined;
    }
  }

  /**
   * Asks GET_DDL for these objects, several in one statement; one by one where one of them spoils it for the others.
   */
  async get(requests: readonly DdlRequest[]): Promise<ReadonlyMap<string, Definition>> {
    const found = new Map<string, Definition>();
    this.#asked += requests.length;
    for (let start = 0; start < requests.length; start += OBJECTS_PER_STATEMENT) {
      await this.#getTogether(requests.slice(start, start + OBJECTS_PER_STATEMENT), found);
    }
    return found;
  }

  /** Logs what asking for single objects cost, if any were asked for. */
  reportCost(): void {
    if (this.#asked === 0) return;
    const { database, schema } = this.#schema;
    this.#session.context.onWarning(
      `${database}.${schema}: GET_DDL was asked for ${countWords(this.#asked, 'object', 'objects')} in ${countWords(this.#statements, 'statement', 'statements')}.`
    );
  }

  async close(): Promise<void> {
    await this.#views?.close();
  }

  async #getTogether(requests: readonly DdlRequest[], found: Map<string, Definition>): Promise<void> {
    this.#statements += 1;
    try {
      for (const row of await this.#session.all(ddl(this.#schema, requests))) {
        const text = row.optionalText('DDL');
        found.set(row.text('OBJECT_NAME'), text === undefined ? { missing: 'Snowflake gives no DDL of it' } : { text });
      }
    } catch (error) {
      if (!(error instanceof IngestionError) || error.consequence !== 'permanent') throw error;
      const [only] = requests;
      if (only !== undefined && requests.length === 1) return void found.set(only.name, { missing: error.message });
      for (const request of requests) await this.#getTogether([request], found);
    }
  }
}
