import { fitsLike } from '../../filters/index.js';
import { nameIn } from '../name-identity.js';
import type { ColumnReference, Expression, SharingJoin } from '../tree.js';
import { indexColumns, keysAmong, otherNames } from '../column-names.js';
import { computed, type ColumnSource, type OutputColumn, type Outputs } from './outputs.js';
import type { TableRef } from './table-ref.js';

/** A relation of a FROM clause with the names it answers to. */
export interface Bound {
  /** Alias in lower case, or the table name's parts in lower case. */
  readonly alias: string | undefined;
  readonly parts: readonly string[];
  /** Set for tables, absent for subqueries, CTEs and functions. */
  readonly table: TableRef | undefined;
  readonly outputs: Outputs;
  /** Sources of any column of a table function. */
  readonly any?: readonly ColumnSource[];
  /** Of rows of a nested column: sources of a field of them, which is a part of the column's value. */
  readonly fields?: readonly ColumnSource[];
  readonly columnIndex: ReadonlyMap<string, OutputColumn>;
  /** Names that mean a column where none has the very name. */
  readonly otherNames: ReadonlyMap<string, OutputColumn> | undefined;
  /** Its alias is a word of the language, not a name: a trigger's NEW. */
  readonly ignoresCase?: true;
  /** Called when a column of it is asked for. */
  readonly onUse?: () => void;
}

/** What a join by USING or NATURAL shares. */
export interface SharedBy {
  readonly join: SharingJoin;
  /** As far as they are known, with the places they come from on both sides. */
  readonly columns: readonly OutputColumn[];
  /** False for a NATURAL JOIN with a side whose columns are not known. */
  readonly isWhole: boolean;
}

/** What a relation shows, with what finds its columns by name. */
export function indexed(outputs: Outputs): Pick<Bound, 'outputs' | 'columnIndex' | 'otherNames'> {
  return { outputs, columnIndex: indexColumns(outputs.columns), otherNames: otherNames(outputs.columns) };
}

/** True when the qualifier names this relation: its alias, or the end of its table's name. */
export function answersTo(bound: Bound, qualifier: readonly string[]): boolean {
  if (bound.alias !== undefined) {
    const [name = '', ...more] = qualifier;
    return more.length === 0 && (bound.ignoresCase === true ? nameIn(name) : name) === bound.alias;
  }
  const offset = bound.parts.length - qualifier.length;
  if (offset < 0) return false;
  return qualifier.every((part, index) => part === bound.parts[offset + index]);
}

/** Which columns are in scope at one place in a query; looks outward for correlated names. */
export class Scope {
  readonly bounds: Bound[] = [];
  readonly using = new Set<string>();
  /** What each join by USING or NATURAL shares, inner joins first. */
  readonly shared: SharedBy[] = [];
  /** What `*` doesn't show again: the shared columns of `USING (…) AS alias`, and relations from before a pipe. */
  readonly hidden: Bound[] = [];
  /** Aliases of the select list so far: what they come from. */
  readonly aliases = new Map<string, readonly ColumnSource[]>();

  constructor(
    private readonly outer: Scope | undefined,
    private readonly structs: boolean
  ) {}

  /** Where a column comes from, also one that is written as the field of a row. */
  reference({ parts, field }: ColumnReference): readonly ColumnSource[] {
    if (field === undefined) return this.resolve(parts);
    // A column hides a relation of its name.
    const isColumn = parts.length === 1 && this.#mayHold(parts[0] ?? '');
    const row = isColumn ? undefined : this.find(parts);
    return row === undefined ? computed(this.resolve(parts)) : (this.#qualified([...parts, field]) ?? []);
  }

  resolve(parts: readonly string[]): readonly ColumnSource[] {
    return this.#qualified(parts) ?? this.#unqualified(parts) ?? [];
  }

  /** The relation that a qualifier names, here or further out. */
  find(qualifier: readonly string[]): Bound | undefined {
    const lower = qualifier.map((part) => part.toLowerCase());
    const named = (bound: Bound): boolean => answersTo(bound, lower);
    return this.bounds.find(named) ?? this.hidden.find(named) ?? this.outer?.find(qualifier);
  }

  /** Where all columns of the named relation come from, or of every relation in scope. */
  all({ qualifier, except, like }: Expression['stars'][number]): readonly ColumnSource[] {
    const named = qualifier.length === 0 ? undefined : this.find(qualifier);
    if (qualifier.length > 0 && named === undefined) return this.resolve(qualifier);
    const bounds = named === undefined ? this.bounds : [named];
    const left = new Set(except.map(keysAmong(bounds.flatMap(({ outputs }) => outputs.columns))));
    const fits = (name: string): boolean =>
      !left.has(name.toLowerCase()) && (like === undefined || fitsLike(nameIn(name), like, { ignoreCase: true }));
    return bounds.flatMap(({ outputs }) => [
      ...outputs.columns.filter(({ name }) => fits(name)).flatMap((column) => column.sources),
      ...outputs.open.map((table) => ({ table, column: '*' })),
    ]);
  }

  #qualified(parts: readonly string[]): readonly ColumnSource[] | undefined {
    for (let length = parts.length - 1; length > 0; length -= 1) {
      const bound = this.find(parts.slice(0, length));
      if (bound === undefined) continue;
      bound.onUse?.();
      return columnOf(bound, parts[length] ?? '');
    }
    return undefined;
  }

  #unqualified(parts: readonly string[]): readonly ColumnSource[] | undefined {
    const name = parts[0] ?? '';
    if (parts.length > 1 && !this.structs) {
      // In a dialect without structs a qualifier that names nothing in scope leads nowhere: no table is made up from
      // it.
      return this.#mayHold(name) ? (this.#single(name) ?? this.#alike(name)) : undefined;
    }
    return this.#single(name) ?? this.#alike(name);
  }

  #mayHold(name: string): boolean {
    const key = name.toLowerCase();
    return (
      this.bounds.some((bound) => bound.columnIndex.has(key) || bound.otherNames?.has(key) === true) ||
      (this.outer === undefined ? false : this.outer.#mayHold(name))
    );
  }

  #single(name: string): readonly ColumnSource[] | undefined {
    const key = name.toLowerCase();
    const known = this.bounds.filter((bound) => bound.columnIndex.has(key));
    if (known.length > 0) {
      const holders = this.using.has(key)
        ? this.bounds.filter((bound) => bound.columnIndex.has(key) || bound.outputs.open.length > 0)
        : known;
      return holders.flatMap((bound) => columnOf(bound, name));
    }
    // Snowflake's `$1` of the only relation.
    const placed = this.bounds.length === 1 && this.bounds[0] && atPosition(this.bounds[0].outputs, name);
    if (placed) return placed.sources;
    const alias = this.aliases.get(key);
    if (alias !== undefined) return alias;
    const called =
      this.bounds.find((bound) => bound.any !== undefined && bound.alias === key) ??
      this.bounds.find((bound) => bound.any !== undefined && nameIn(bound.alias ?? '') === key);
    if (called !== undefined) return called.any ?? [];
    const open = this.bounds.filter((bound) => bound.outputs.open.length > 0);
    if (open.length === 1 || (open.length > 1 && this.using.has(key)))
      return open.flatMap((bound) => columnOf(bound, name));
    if (open.length > 1) return [{ table: undefined, column: name }];
    return this.outer === undefined ? undefined : this.outer.#single(name);
  }

  /** Where a column comes from that no relation, here or further out, has under the very name. */
  #alike(name: string): readonly ColumnSource[] | undefined {
    const key = name.toLowerCase();
    const holders = this.bounds.flatMap(({ otherNames: others }) => others?.get(key) ?? []);
    if (holders.length > 0) return holders.flatMap(({ sources }) => sources);
    return this.outer === undefined ? undefined : this.outer.#alike(name);
  }
}

/** Where the column of a relation comes from; nothing when the relation has no such column. */
export function columnOf(bound: Bound, name: string): readonly ColumnSource[] {
  if (bound.outputs.branches !== undefined)
    return bound.outputs.branches.flatMap((branch) => branchColumn(branch, name));
  const known = bound.columnIndex.get(name.toLowerCase()) ?? atPosition(bound.outputs, name);
  if (known !== undefined) return known.sources;
  if (/^\$\d+$/.test(name)) return [];
  if (bound.any !== undefined) return bound.fields ?? bound.any;
  const { open } = bound.outputs;
  const only = open[0];
  if (only === undefined) return bound.otherNames?.get(name.toLowerCase())?.sources ?? [];
  return [{ table: open.length === 1 ? only : undefined, column: name }];
}

/** Snowflake's `$2`: the second column, where the columns are known. */
function atPosition(outputs: Outputs, name: string): OutputColumn | undefined {
  const position = /^\$(\d+)$/.exec(name)?.[1];
  if (position === undefined || Number(position) > outputs.certain) return undefined;
  return outputs.columns[Number(position) - 1];
}

/** A column of one operand of a UNION. */
function branchColumn(outputs: Outputs, name: string): readonly ColumnSource[] {
  if (outputs.branches !== undefined) return outputs.branches.flatMap((branch) => branchColumn(branch, name));
  const key = keysAmong(outputs.columns)(name);
  const known = outputs.columns.find((column) => column.name.toLowerCase() === key);
  if (known !== undefined) return known.sources;
  const only = outputs.open[0];
  if (only === undefined) return [];
  return [{ table: outputs.open.length === 1 ? only : undefined, column: name }];
}
