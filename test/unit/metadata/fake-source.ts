import type {
  Doubt,
  MetadataSource,
  ReadPosition,
  SchemaRef,
  ScopeRights,
  Selection,
  SourceColumn,
  SourceRecord,
  SourceScope,
  SourceTable,
} from '../../../src/sources/index.js';

/** What the fake source has, and where it breaks. Tests change it while they run. */
export interface FakeDatabase {
  scopes: SourceScope[];
  /** Records by `database.schema`, in the order of a real source. */
  records: Record<string, SourceRecord[]>;
  visibility: string;
  /** Where its big schemas are cut. */
  cuts?: string[];
  doubts?: readonly Doubt[];
  rights?: readonly ScopeRights[];
  /** Thrown when this many records (scopes for `scopes`) were given out since it was set. */
  breakAfter?: { count: number; error: Error };
}

/** A source in memory that keeps the contract: defined order, and `after` resumes after it. */
export class FakeSource implements MetadataSource {
  /** Names that were handed out, `schema.name`; tells a re-read from a resumed one. */
  readonly given: string[] = [];
  /** Names that `stillThere` and `scopesStillThere` were asked for. */
  readonly asked: string[][] = [];
  closed = false;

  constructor(readonly database: FakeDatabase) {}

  async *scopes(): AsyncIterable<SourceScope> {
    for (const scope of this.database.scopes) {
      this.#breakIfDue();
      this.given.push(scope.kind === 'database' || scope.kind === 'schema' ? scope.name : (scope.schema ?? ''));
      yield scope;
    }
    this.#breakIfDue();
  }

  async *read(
    { database, schema }: SchemaRef,
    _selection: Selection,
    _options: unknown,
    after?: ReadPosition,
    until?: string
  ): AsyncIterable<SourceRecord> {
    for (const record of this.database.records[`${database}.${schema}`] ?? []) {
      if (after !== undefined && !isBehind(record, after)) continue;
      if (until !== undefined && isBehind(record, { part: 'tables', name: until })) break;
      this.#breakIfDue();
      this.given.push(`${schema}.${record.name}`);
      yield record;
    }
    this.#breakIfDue();
  }

  async cuts(): Promise<readonly string[]> {
    return this.database.cuts ?? [];
  }

  async stillThere(
    { database, schema }: SchemaRef,
    _entity: 'table' | 'procedure',
    names: readonly string[]
  ): Promise<readonly string[]> {
    this.asked.push([...names]);
    const there = new Set(
      (this.database.records[`${database}.${schema}`] ?? [])
        .filter((record) => record.kind !== 'deleted')
        .map((record) => record.name)
    );
    return names.filter((name) => there.has(name));
  }

  async scopesStillThere(database: string | undefined, names: readonly string[]): Promise<readonly string[]> {
    this.asked.push([...names]);
    const there = this.database.scopes.map((scope) => {
      if (database === undefined) return scope.kind === 'database' ? scope.name : undefined;
      return scope.kind === 'schema' && scope.database === database ? scope.name : undefined;
    });
    return names.filter((name) => there.includes(name));
  }

  async visibility(): Promise<string> {
    return this.database.visibility;
  }

  async doubts(_scope: unknown, _entity: unknown, names: readonly string[]): Promise<readonly Doubt[]> {
    return (this.database.doubts ?? []).filter(({ name }) => names.includes(name));
  }

  async rights(): Promise<readonly ScopeRights[]> {
    return this.database.rights ?? [];
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  #breakIfDue(): void {
    const due = this.database.breakAfter;
    if (due === undefined) return;
    if (due.count === 0) {
      delete this.database.breakAfter;
      throw due.error;
    }
    due.count -= 1;
  }
}

function isBehind(record: SourceRecord, after: ReadPosition): boolean {
  const entity = record.kind === 'table' || record.kind === 'procedure' ? record.kind : record.entity;
  const part = entity === 'table' ? 'tables' : 'procedures';
  if (part !== after.part) return part === 'procedures';
  return Buffer.compare(Buffer.from(record.name), Buffer.from(after.name)) > 0;
}

export function column(name: string, more: Partial<SourceColumn> = {}): SourceColumn {
  return { name, dataType: 'INT', dataTypeDisplay: 'int', nullable: true, ...more };
}

export function table(name: string, more: Partial<SourceTable> = {}): SourceTable {
  return { kind: 'table', name, tableType: 'Regular', columns: [column('id', { nullable: false })], ...more };
}
