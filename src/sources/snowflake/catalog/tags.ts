import { tagFault } from '../../common/tag-fault.js';
import type { SourceTag } from '../../records.js';
import type { SchemaRef } from '../../source.js';
import { schemaTags, scopeTags } from './account-usage-queries.js';
import { isNotAuthorized } from '../errors.js';
import type { Row } from '../session/row.js';
import type { Session } from '../session/session.js';
import { SortedRows } from '../session/sorted-rows.js';

/** The tags of one table and of its columns. */
export interface TableTags {
  readonly table: readonly SourceTag[];
  readonly columns: ReadonlyMap<string, readonly SourceTag[]>;
}

const NONE: TableTags = { table: [], columns: new Map() };

/** The tags of a database and its schemas: TAG_NAME is the classification, TAG_VALUE the tag. */
export interface ScopeTags {
  readonly database: readonly SourceTag[];
  /** Those of a schema, inherited ones included. */
  ofSchema(name: string): readonly SourceTag[];
}

export const NO_SCOPE_TAGS: ScopeTags = { database: [], ofSchema: () => [] };

export async function readScopeTags(
  session: Session,
  accountUsageSchema: string,
  database: string
): Promise<ScopeTags> {
  const own: SourceTag[] = [];
  const schemas = new Map<string, SourceTag[]>();
  try {
    for await (const row of session.stream(scopeTags(accountUsageSchema, database))) {
      const tag = toTag(row, session);
      if (tag === undefined) continue;
      if (row.text('DOMAIN') === 'DATABASE') own.push(tag);
      else add(schemas, row.text('OBJECT_NAME'), tag);
    }
  } catch (error) {
    warnWithoutTags(error, session, accountUsageSchema);
  }
  return { database: own, ofSchema: (name) => inherit(schemas.get(name) ?? [], own) };
}

/**
 * The tags of a schema's objects, from one statement, streamed alongside the tables. Tables and routines inherit the
 * tags of their schema and database, unless they (or the schema) have one of the same classification; columns inherit
 * nothing. Without the grant there are no tags, but one warning.
 */
export class TagReader {
  readonly #session: Session;
  readonly #accountUsageSchema: string;
  readonly #schema: SchemaRef;
  #rows: SortedRows | undefined;
  #inherited: readonly SourceTag[] = [];
  readonly #routines = new Map<string, SourceTag[]>();

  constructor(session: Session, accountUsageSchema: string, schema: SchemaRef) {
    this.#session = session;
    this.#accountUsageSchema = accountUsageSchema;
    this.#schema = schema;
  }

  /** @param table ascending from call to call */
  async ofTable(table: string): Promise<TableTags> {
    const rows = await this.#started(table);
    if (rows === undefined) return NONE;
    const own: SourceTag[] = [];
    const columns = new Map<string, SourceTag[]>();
    for (const row of await rows.take(table)) {
      const tag = toTag(row, this.#session);
      if (tag === undefined) continue;
      const column = row.optionalText('COLUMN_NAME');
      if (column === undefined) own.push(tag);
      else add(columns, column, tag);
    }
    return { table: inherit(own, this.#inherited), columns };
  }

  /** @param routine a procedure or function; overloads share their tags */
  async ofRoutine(routine: string): Promise<readonly SourceTag[]> {
    await this.#started(undefined);
    return inherit(this.#routines.get(routine) ?? [], this.#inherited);
  }

  async close(): Promise<void> {
    await this.#rows?.close();
  }

  async #started(firstTable: string | undefined): Promise<SortedRows | undefined> {
    if (this.#rows !== undefined) return this.#rows;
    const batches = this.#session.batches(schemaTags(this.#accountUsageSchema, this.#schema, firstTable));
    this.#rows = new SortedRows(batches, 'OBJECT_NAME');
    const database: SourceTag[] = [];
    const schema: SourceTag[] = [];
    try {
      for (
        let row = await this.#rows.takeNext(isOfScope);
        row !== undefined;
        row = await this.#rows.takeNext(isOfScope)
      ) {
        const tag = toTag(row, this.#session);
        if (tag === undefined) continue;
        const domain = row.text('DOMAIN');
        if (domain === 'DATABASE') database.push(tag);
        else if (domain === 'SCHEMA') schema.push(tag);
        else add(this.#routines, plainRoutineName(row.text('OBJECT_NAME')), tag);
      }
    } catch (error) {
      // The stream has ended with the error: later calls find no rows.
      warnWithoutTags(error, this.#session, this.#accountUsageSchema);
    }
    this.#inherited = inherit(schema, database);
    return this.#rows;
  }
}

/** Own tags, and those from above whose classification is not among them. */
export function inherit(own: readonly SourceTag[], above: readonly SourceTag[]): readonly SourceTag[] {
  const set = new Set(own.map((tag) => tag.classification));
  return [...own, ...above.filter((tag) => !set.has(tag.classification))];
}

const SCOPE_DOMAINS = new Set(['DATABASE', 'SCHEMA', 'PROCEDURE', 'FUNCTION']);

function isOfScope(row: Row): boolean {
  return SCOPE_DOMAINS.has(row.text('DOMAIN'));
}

/** OBJECT_NAME of a routine may include its signature. */
function plainRoutineName(name: string): string {
  return name.replace(/\(.*$/s, '');
}

function toTag(row: Row, session: Session): SourceTag | undefined {
  const classification = row.text('TAG_NAME');
  const tag = row.optionalText('TAG_VALUE') ?? '';
  const fault = tagFault({ classification, tag });
  if (fault === undefined) return { classification, tag };
  const where = [row.optionalText('OBJECT_DATABASE'), row.optionalText('OBJECT_NAME'), row.optionalText('COLUMN_NAME')];
  session.context.onWarning(
    `Tag ${classification} of ${where.filter((part) => part !== undefined).join('.')} is left out: ${fault}.`
  );
  return undefined;
}

function warnWithoutTags(error: unknown, session: Session, accountUsageSchema: string): void {
  if (!isNotAuthorized(error)) throw error;
  session.context.onWarning(
    `Tags are not read: the role may not select ${accountUsageSchema}.TAG_REFERENCES. Grant it, or set includeTags: false.`
  );
}

function add(map: Map<string, SourceTag[]>, key: string, tag: SourceTag): void {
  const tags = map.get(key);
  if (tags === undefined) map.set(key, [tag]);
  else tags.push(tag);
}
