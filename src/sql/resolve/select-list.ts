import { fitsLike } from '../../filters/index.js';
import { nameIn } from '../name-identity.js';
import type { Select, SelectItem, StarItem } from '../tree.js';
import { computed, distinctTables, type OutputColumn, type Outputs } from './outputs.js';
import type { TableRef } from './table-ref.js';
import type { CteScope, QueryResolver } from './queries.js';
import { keysAmong } from '../column-names.js';
import { columnOf, type Scope } from './scope.js';
import { partsOf, starLayout } from './star-layout.js';

/** The columns of a select list as they are found, with aliases that may be used further right. */
export class SelectList {
  readonly #columns: OutputColumn[] = [];
  readonly #open: TableRef[] = [];
  #certain = -1;
  #branches: Outputs['branches'];

  constructor(
    private readonly resolver: QueryResolver,
    private readonly select: Select,
    private readonly ctes: CteScope,
    private readonly scope: Scope
  ) {}

  add(item: SelectItem): void {
    if (item.kind === 'star') {
      this.#star(item);
      return;
    }
    const found = this.resolver.sources(item.value, this.ctes, this.scope, this.select.windows);
    const sources = item.isColumn ? found : computed(found);
    this.#columns.push({ name: item.alias ?? item.name, sources });
    if (item.alias === undefined || !this.resolver.context.lateralAlias) return;
    const key = item.alias.toLowerCase();
    // `trim(name) AS name`: the tables have a column of that name, so it still means the column.
    const isColumn = item.value.columns.some(({ parts, field }) => (field ?? parts.at(-1))?.toLowerCase() === key);
    if (!isColumn) this.scope.aliases.set(key, sources);
  }

  #star(item: StarItem): void {
    const { resolver, ctes, scope } = this;
    const only = item.qualifier.length === 0 ? undefined : scope.find(item.qualifier);
    if (item.qualifier.length > 0 && only === undefined) {
      // `struct_column.*`
      this.#columns.push({ name: '*', sources: scope.resolve(item.qualifier) });
      return;
    }
    const { like } = item;
    const isUnlike = (name: string): boolean =>
      like !== undefined && !fitsLike(nameIn(name), like, { ignoreCase: true });
    const bounds = only === undefined ? scope.bounds : [only];
    if (this.select.items.length === 1 && bounds.length === 1) this.#branches = bounds[0]?.outputs.branches;
    const parts = only === undefined ? starLayout(scope, resolver.context.sharedColumns) : partsOf(bounds);
    const isPlain = item.except.length + item.rename.size + item.replace.length === 0;
    const known = isPlain ? [] : parts.flatMap(({ column }) => column ?? []);
    const keyOf = keysAmong(known);
    const except = new Set(item.except.map(keyOf));
    const renamed = new Map([...item.rename].map(([name, other]) => [keyOf(name), other]));
    const replaced = new Map(item.replace.map((value) => [keyOf(value.alias ?? value.name), value]));
    const met = new Set<string>();
    for (const { column, open } of parts) {
      if (column === undefined) {
        if (this.#certain < 0) this.#certain = this.#columns.length;
        this.#open.push(...open);
        continue;
      }
      const key = column.name.toLowerCase();
      met.add(key);
      if (except.has(key) || isUnlike(column.name)) continue;
      const replacement = replaced.get(key);
      const sources = replacement === undefined ? column.sources : resolver.sources(replacement.value, ctes, scope);
      const name = renamed.get(key);
      this.#columns.push(name === undefined ? { ...column, sources } : { name, sources });
    }
    if (!parts.some(({ column }) => column === undefined)) return;
    // Of a table whose columns are not known, it has those that are replaced or renamed.
    for (const [key, value] of replaced)
      if (!met.has(key))
        this.#columns.push({ name: value.alias ?? value.name, sources: resolver.sources(value.value, ctes, scope) });
    for (const [old, name] of item.rename)
      if (!met.has(keyOf(old)))
        this.#columns.push({
          name,
          sources: bounds.length === 1 && bounds[0] ? columnOf(bounds[0], old) : scope.resolve([old]),
        });
  }

  outputs(): Outputs {
    const certain = this.#certain < 0 ? this.#columns.length : this.#certain;
    const branches = this.#branches;
    return {
      columns: this.#columns,
      open: distinctTables(this.#open),
      certain,
      ...(branches === undefined ? {} : { branches }),
    };
  }
}
