import { catalogNamesAreExact, dialectTraits, type Dialect } from './dialect.js';
import { columnIdentity, isExactIdentity, nameIn } from './name-identity.js';

export interface NamedColumn {
  /** What it is compared by, ignoring case. */
  readonly name: string;
  /** The same of another column that it may be: catalogs of Oracle have ID and "id" alike. */
  readonly orName?: string;
}

/** What the columns of a table are compared by, ignoring case, from the names that a catalog has for them. */
export function catalogColumns(names: readonly string[], dialect: Dialect): readonly string[] {
  if (dialectTraits(dialect).foldsNames === undefined) return names;
  if (catalogNamesAreExact(dialect)) return names.map((name) => storedColumn(name, dialect));
  // In lower case they are the engine's own names, unless these are there as well.
  const all = new Set(names);
  const isPlain = (name: string): boolean => name === name.toLowerCase() && !all.has(name.toUpperCase());
  return names.map((name) => (isPlain(name) ? name : storedColumn(name, dialect)));
}

/** What the column that the engine stores under the name is compared by, ignoring case. */
export function storedColumn(text: string, dialect: Dialect): string {
  return columnIdentity({ text, quoted: true }, dialectTraits(dialect));
}

/** What a column of a catalog may be compared by as well: the one of quotes, which Oracle's catalogs don't tell. */
export function quotedTwin(name: string, dialect: Dialect): string | undefined {
  if (dialect !== 'oracle') return undefined;
  const quoted = storedColumn(name, dialect);
  return quoted === name || isExactIdentity(name) ? undefined : quoted;
}

/** The columns by what they are compared by; of two that are compared alike, the first. */
export function indexColumns<T extends NamedColumn>(columns: readonly T[]): ReadonlyMap<string, T> {
  const index = new Map<string, T>();
  let isDouble = false;
  for (const column of columns) {
    const key = column.name.toLowerCase();
    if (!index.has(key)) index.set(key, column);
    isDouble ||= column.orName !== undefined;
  }
  if (!isDouble) return index;
  for (const column of columns) {
    const key = column.orName?.toLowerCase();
    if (key !== undefined && !index.has(key)) index.set(key, column);
  }
  return index;
}

/**
 * What columns are meant by where none has the very name: a catalog may have names in another case than the engine, so
 * a name without quotes means the only column that is called so in any case.
 */
export function otherNames<T extends NamedColumn>(columns: readonly T[]): ReadonlyMap<string, T> | undefined {
  if (!columns.some(({ name }) => isExactIdentity(name))) return undefined;
  const names = new Map<string, T>();
  const twins = new Set<string>();
  for (const column of columns) {
    if (!isExactIdentity(column.name)) continue;
    const plain = nameIn(column.name).toLowerCase();
    const other = names.get(plain);
    if (other !== undefined && other.name.toLowerCase() !== column.name.toLowerCase()) twins.add(plain);
    names.set(plain, other ?? column);
  }
  for (const plain of twins) names.delete(plain);
  return names;
}

/** For a name, what the column that it means is compared by; the name's own where it means none of the columns. */
export function keysAmong(columns: readonly NamedColumn[]): (name: string) => string {
  const others = otherNames(columns);
  if (others === undefined && !columns.some(({ orName }) => orName !== undefined)) return (name) => name.toLowerCase();
  const index = indexColumns(columns);
  return (name) => {
    const key = name.toLowerCase();
    return (index.get(key) ?? others?.get(key))?.name.toLowerCase() ?? key;
  };
}
