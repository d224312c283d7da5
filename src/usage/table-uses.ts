import { fullNameText } from '../lineage/index.js';
import {
  namesAreExact,
  SESSION_TABLES_FIRST,
  type Dialect,
  type LineageTable,
  type PooledLineage,
} from '../sql/index.js';
import type { TableUse, TextGroup } from './staged-line.js';

/** A table in a statement, and what the statement did with it. */
export interface NamedTable {
  /** What the statement's lineage calls it, else a name that no table of it has. */
  readonly name: string;
  readonly parts: readonly string[];
  /** With database and schema, as far as the log knows them. */
  readonly full: string;
  readonly use: TableUse;
  /** The statement itself creates it, so that the catalog isn't expected to have it. */
  readonly isOwn: boolean;
}

/** Kinds of statements that OpenMetadata counts but does not store as queries, as Snowflake names them. */
const EXCLUDED: ReadonlySet<string> = new Set([
  'DROP',
  'DELETE',
  'TRUNCATE_TABLE',
  'UPDATE',
  'ALTER',
  'INSERT',
  'MERGE',
]);

const CREATIONS: ReadonlySet<PooledLineage['kind']> = new Set(['create-table', 'create-view', 'like', 'clone']);

export function isExcluded(queryType: string | undefined): boolean {
  return queryType !== undefined && EXCLUDED.has(queryType.toUpperCase());
}

/** Kinds whose target a log may name among what was read, since they look for its rows. */
const LOOKING: ReadonlySet<string> = new Set(['UPDATE', 'DELETE', 'MERGE', 'TRUNCATE_TABLE']);

/**
 * The tables that a statement names, each once: those that its runs touched if the log itself says so, else those that
 * the reader found. What it writes is updated or created, what it reads is accessed; one may be both.
 */
export function tableUses(group: TextGroup, lineage: PooledLineage | undefined, dialect: Dialect): NamedTable[] {
  const { access } = group;
  if (access !== undefined) {
    const written = isCreation(group, lineage) ? 'created' : 'updated';
    const temporary = new Set(temporaryTables(group, lineage));
    const targets = access.written.map((parts) => named(group, parts, written));
    const isReadToo = readByText(group, lineage);
    const isOnlyTarget = onlyTarget(group, targets, isReadToo);
    const read = access.read.map((parts) => named(group, parts, 'accessed'));
    const isRead = new Set(read.map(({ full }) => full));
    return [
      ...targets,
      ...read.filter((each) => !isOnlyTarget(each)),
      // of two tables that exchange their rows the log may name none as read
      ...targets
        .filter((each) => each.use === 'updated' && !isRead.has(each.full) && isReadToo(each))
        .map(({ parts }) => named(group, parts, 'accessed')),
    ].filter(({ full }) => !temporary.has(full));
  }
  if (lineage === undefined) return [];
  const written = isCreation(group, lineage) ? 'created' : 'updated';
  const uses = [
    ...tablesOf(lineage.targets).map((table) => of(group, table, written)),
    ...tablesOf(lineage.intermediate).map((table) => of(group, table, written, table.made === true)),
    ...accessedBy(lineage).map((table) => of(group, table, 'accessed')),
  ];
  const isExact = namesAreExact(dialect, group.exactNames);
  const folded = (full: string): string => (isExact ? full : full.toLowerCase());
  const keyOf = ({ full }: NamedTable): string => folded(full);
  const isWritten = new Set(uses.flatMap((each) => (each.isOwn || each.use !== 'accessed' ? [keyOf(each)] : [])));
  const ofLog = new Set((group.temporary ?? []).map((parts) => folded(fullName(group, parts))));
  // elsewhere the reader tells the session's own from another table of the name
  const ofText = new Set(SESSION_TABLES_FIRST.has(dialect) ? [] : temporaryTables(group, lineage).map(folded));
  // written as a temporary table that the text has dropped, it is the catalog's again
  const own = new Set([...lineage.sources, ...lineage.targets, ...lineage.intermediate].flatMap(partsIfTemporary));
  const isOfSession = (each: NamedTable): boolean =>
    ofLog.has(keyOf(each)) || (ofText.has(keyOf(each)) && !own.has(each.parts.join('\u0000')));
  const changed = tablesOf(lineage.changed).map((table) => of(group, table, 'updated'));
  return [...uses, ...changed.filter((each) => !isWritten.has(keyOf(each)) && !isOfSession(each))];
}

/** Whether the log names a table as read because rows of it were changed: the text tells whether it is read besides. */
function onlyTarget(
  group: TextGroup,
  targets: readonly NamedTable[],
  isReadToo: (table: NamedTable) => boolean
): (table: NamedTable) => boolean {
  if (!LOOKING.has(group.queryType?.toUpperCase() ?? '')) return () => false;
  const written = new Set(targets.map(({ full }) => full));
  return (table) => written.has(table.full) && !isReadToo(table);
}

/** Whether the text reads a table that the log names, by all that the text has of its name. */
function readByText(group: TextGroup, lineage: PooledLineage | undefined): (table: NamedTable) => boolean {
  const read = (lineage === undefined ? [] : accessedBy(lineage)).map(({ parts }) =>
    `.${fullName(group, parts)}`.toLowerCase()
  );
  return ({ full }) => read.some((name) => `.${full}`.toLowerCase().endsWith(name));
}

/**
 * What rows are deleted from stands among the sources: it is accessed if read besides, or if these go elsewhere. What
 * the text fills and reads is accessed unless the text makes it.
 */
function accessedBy({ sources, targets, intermediate, edges }: PooledLineage): LineageTable[] {
  const feeding = new Set(edges.map(({ from }) => from));
  const read = tablesOf(sources).filter(({ name, onlyLoses }) => onlyLoses !== true || feeding.has(name));
  return [
    ...read,
    ...tablesOf(targets).filter(({ gives }) => gives === true),
    ...tablesOf(intermediate).filter(({ made }) => made !== true),
  ];
}

/** The full names of tables that only the statement's session has: nothing counts for them, nor for their namesakes. */
export function temporaryTables(group: TextGroup, lineage: PooledLineage | undefined): string[] {
  if (lineage === undefined) return [];
  return [...lineage.sources, ...lineage.targets, ...lineage.intermediate]
    .filter(({ temporary }) => temporary === true)
    .map(({ parts }) => fullName(group, parts));
}

/** The lineage with the tables marked that the log knows to be the session's own. */
export function withTemporary<Lineage extends PooledLineage | undefined>(
  group: TextGroup,
  lineage: Lineage,
  dialect: Dialect
): Lineage {
  if (lineage === undefined || group.temporary === undefined) return lineage;
  const isExact = namesAreExact(dialect, group.exactNames);
  const keyOf = (parts: readonly string[]): string =>
    isExact ? fullName(group, parts) : fullName(group, parts).toLowerCase();
  const own = new Set(group.temporary.map(keyOf));
  const marked = (tables: readonly LineageTable[]): LineageTable[] =>
    tables.map((table) =>
      table.kind === 'table' && own.has(keyOf(table.parts)) ? { ...table, temporary: true } : table
    );
  const { sources, targets, intermediate } = lineage;
  return { ...lineage, sources: marked(sources), targets: marked(targets), intermediate: marked(intermediate) };
}

function partsIfTemporary({ temporary, parts }: LineageTable): readonly string[] {
  return temporary === true ? [parts.join('\u0000')] : [];
}

function tablesOf(tables: readonly LineageTable[]): LineageTable[] {
  return tables.filter(({ kind, temporary }) => kind === 'table' && temporary !== true);
}

function isCreation({ queryType }: TextGroup, lineage: PooledLineage | undefined): boolean {
  if (queryType !== undefined) return /^CREATE/i.test(queryType);
  return lineage !== undefined && CREATIONS.has(lineage.kind);
}

function named(group: TextGroup, parts: readonly string[], use: TableUse): NamedTable {
  return { name: `\u0000${parts.join('\u0000')}`, parts, full: fullName(group, parts), use, isOwn: false };
}

function of(group: TextGroup, { name, parts }: LineageTable, use: TableUse, isOwn = false): NamedTable {
  return { name, parts, full: fullName(group, parts), use, isOwn };
}

function fullName({ database, schema }: TextGroup, parts: readonly string[]): string {
  return fullNameText({ parts, database, schema });
}
