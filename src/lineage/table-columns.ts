import type { NameFolding } from '../sources/index.js';
import {
  catalogColumns,
  indexColumns,
  nameIn,
  otherNames,
  quotedTwin,
  type Dialect,
  type NamedColumn,
} from '../sql/index.js';

/** How the engine takes the names in its statements. */
export interface NameRules {
  readonly dialect: Dialect;
  /** How unquoted names are stored. */
  readonly folding: NameFolding;
}

interface Column extends NamedColumn {
  readonly stored: string;
  readonly fqn: string;
}

/** The columns that the catalog has of a table, as statements name them. */
export class TableColumns {
  /** As the source has them, in the table's order. */
  readonly names: readonly string[];
  readonly #index: ReadonlyMap<string, Column>;
  readonly #others: ReadonlyMap<string, Column> | undefined;

  /**
   * @param columns in the table's order, with the source's names
   * @param isOwn the statements' engine has the table; another one may have other rules for its names
   */
  constructor(
    columns: readonly { readonly name: string; readonly fqn: string }[],
    { dialect, folding }: NameRules,
    private readonly isOwn: boolean
  ) {
    this.names = columns.map(({ name }) => name);
    const identities = catalogColumns(this.names, dialect);
    const named = columns.map(({ name: stored, fqn }, at): Column => {
      const name = identities[at] ?? stored;
      const orName = quotedTwin(name, dialect);
      return { name, stored, fqn, ...(orName === undefined ? {} : { orName }) };
    });
    // Of two that differ by case only, where the dialect can't tell, the one that is stored as unquoted names are.
    const isPlain = ({ stored }: Column): boolean => stored === foldedName(stored, folding);
    const plainFirst = [...named.filter(isPlain), ...named.filter((column) => !isPlain(column))];
    this.#index = indexColumns(plainFirst);
    this.#others = otherNames(named);
  }

  /** @param name what a statement's lineage compares the column by */
  fqnOf(name: string): string | undefined {
    const key = name.toLowerCase();
    const found = this.#at(key) ?? (this.isOwn ? undefined : this.#at(nameIn(key)));
    return found?.fqn;
  }

  /** Each by what statements compare it by. */
  *[Symbol.iterator](): Generator<{ readonly name: string; readonly fqn: string }> {
    yield* this.#index.values();
  }

  #at(key: string): Column | undefined {
    return this.#index.get(key) ?? this.#others?.get(key);
  }
}

/** The name as it is stored when it has no quotes. */
export function foldedName(name: string, folding: NameFolding): string {
  if (folding === 'as-written') return name;
  return folding === 'upper' ? name.toUpperCase() : name.toLowerCase();
}
