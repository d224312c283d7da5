import type { SourceForeignKey } from '../../records.js';
import type { SchemaRef } from '../../source.js';
import { keys, type KeyKind } from './queries.js';
import type { Row } from '../session/row.js';
import { MOST_COLLECTED_ROWS, type Session } from '../session/session.js';

/** The keys of one table, in the shape of SourceTable. */
export interface TableKeys {
  readonly primaryKey?: readonly string[];
  readonly uniqueKeys?: readonly (readonly string[])[];
  readonly foreignKeys?: readonly SourceForeignKey[];
}

/** One column of one key: what is kept from a row of SHOW … KEYS. */
interface KeyPart {
  readonly constraint: string;
  readonly column: string;
  readonly position: number;
  readonly referred?: {
    readonly database: string;
    readonly schema: string;
    readonly table: string;
    readonly column: string;
  };
}

type PartsByTable = Map<string, KeyPart[]>;

const KINDS: readonly KeyKind[] = ['PRIMARY', 'UNIQUE', 'IMPORTED'];

/**
 * The keys of a schema: one SHOW per kind for all tables. SHOW returns at most 10,000 rows and can't be continued for
 * keys; a kind that reaches that limit is asked for table by table. So no more than that is ever held.
 */
export class KeyReader {
  readonly #session: Session;
  readonly #schema: SchemaRef;
  readonly #limit: number;
  #whole: Map<KeyKind, PartsByTable | 'by table'> | undefined;

  constructor(session: Session, schema: SchemaRef, options: { readonly limit?: number } = {}) {
    this.#session = session;
    this.#schema = schema;
    this.#limit = options.limit ?? MOST_COLLECTED_ROWS;
  }

  /** Sends the statements for the whole schema when first called. */
  async read(table: string): Promise<TableKeys> {
    this.#whole ??= await this.#readWhole();
    const primary = constraints(await this.#parts('PRIMARY', table));
    const unique = constraints(await this.#parts('UNIQUE', table));
    const foreign = constraints(await this.#parts('IMPORTED', table));
    return {
      ...(primary[0] === undefined ? {} : { primaryKey: primary[0].map((part) => part.column) }),
      ...(unique.length === 0 ? {} : { uniqueKeys: unique.map((parts) => parts.map((part) => part.column)) }),
      ...(foreign.length === 0 ? {} : { foreignKeys: foreign.flatMap((parts) => this.#foreignKey(parts)) }),
    };
  }

  async #readWhole(): Promise<Map<KeyKind, PartsByTable | 'by table'>> {
    const whole = new Map<KeyKind, PartsByTable | 'by table'>();
    for (const kind of KINDS) {
      const { count, parts } = await this.#show(kind);
      whole.set(kind, count < this.#limit ? parts : 'by table');
      if (count < this.#limit) continue;
      const { database, schema } = this.#schema;
      this.#session.context.onWarning(
        `${database}.${schema} has more ${kind.toLowerCase()} keys than SHOW lists at once (${this.#limit}): they are asked for table by table.`
      );
    }
    return whole;
  }

  async #parts(kind: KeyKind, table: string): Promise<readonly KeyPart[]> {
    const known = this.#whole?.get(kind);
    const parts = known === 'by table' ? (await this.#show(kind, table)).parts : known;
    return parts?.get(table) ?? [];
  }

  async #show(kind: KeyKind, table?: string): Promise<{ count: number; parts: PartsByTable }> {
    const prefix = kind === 'IMPORTED' ? 'fk_' : '';
    const parts: PartsByTable = new Map();
    let count = 0;
    for await (const batch of this.#session.batches(keys(kind, this.#schema, table))) {
      count += batch.length;
      for (const row of batch) {
        if (row.text(`${prefix}schema_name`) !== this.#schema.schema) continue;
        if (row.text(`${prefix}database_name`) !== this.#schema.database) continue;
        const name = row.text(`${prefix}table_name`);
        const members = parts.get(name);
        const part = toPart(row, kind, prefix);
        if (members === undefined) parts.set(name, [part]);
        else members.push(part);
      }
    }
    return { count, parts };
  }

  #foreignKey(parts: readonly KeyPart[]): SourceForeignKey[] {
    const to = parts[0]?.referred;
    if (to === undefined) return [];
    return [
      {
        columns: parts.map((part) => part.column),
        referred: {
          ...(to.database === this.#schema.database ? {} : { database: to.database }),
          schema: to.schema,
          table: to.table,
          columns: parts.flatMap((part) => (part.referred === undefined ? [] : [part.referred.column])),
        },
      },
    ];
  }
}

function toPart(row: Row, kind: KeyKind, prefix: string): KeyPart {
  return {
    constraint: row.optionalText(kind === 'IMPORTED' ? 'fk_name' : 'constraint_name') ?? '',
    column: row.text(`${prefix}column_name`),
    position: row.optionalNumber('key_sequence') ?? 0,
    ...(kind === 'IMPORTED' ? { referred: referredPart(row) } : {}),
  };
}

function referredPart(row: Row): NonNullable<KeyPart['referred']> {
  return {
    database: row.text('pk_database_name'),
    schema: row.text('pk_schema_name'),
    table: row.text('pk_table_name'),
    column: row.text('pk_column_name'),
  };
}

/** Parts grouped by their constraint, constraints by name, columns in the key's order. */
function constraints(parts: readonly KeyPart[]): KeyPart[][] {
  const names = [...new Set(parts.map((part) => part.constraint))].sort();
  return names.map((name) =>
    parts.filter((part) => part.constraint === name).sort((left, right) => left.position - right.position)
  );
}
