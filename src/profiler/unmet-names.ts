import { nearestFirst } from '../errors/index.js';
import { restoreName, splitFqn, type OpenMetadataClient, type ProfiledTableRecord } from '../openmetadata/index.js';
import type { ProfilerRecipe } from '../recipe/index.js';
import { NAMED, named } from './named.js';
import { chosenMetrics, columnConfigOf } from './chosen-metrics.js';

/** Names that a recipe's configuration of tables, schemas, databases and columns has, and the catalog has not. */
export class UnmetNames {
  /** Entries that were not met yet: FQN in parts, with the key of the recipe. */
  readonly #entries = new Map<
    string,
    { readonly key: string; readonly fqn: string; readonly parts: readonly string[] }
  >();
  /** What stands beside an entry, by its parent. */
  readonly #beside = new Map<string, Set<string>>();
  readonly #leftOut = new Set<string>();
  readonly #columns: string[] = [];
  /** In lower case. */
  readonly #metrics: ReadonlySet<string>;

  constructor(private readonly recipe: ProfilerRecipe) {
    this.#metrics = new Set(chosenMetrics(recipe).map((metric) => metric.toLowerCase()));
    const { tableConfig = [], schemaConfig = [], databaseConfig = [] } = recipe.processor?.config ?? {};
    for (const [key, entries] of Object.entries({ tableConfig, schemaConfig, databaseConfig }))
      for (const { fullyQualifiedName: fqn } of entries) {
        const parts = splitFqn(fqn);
        this.#entries.set(parts.join('\0'), { key, fqn, parts });
        this.#beside.set(parts.slice(0, -1).join('\0'), new Set());
      }
  }

  /** A database, a schema or a table that the catalog has. @param isLeftOut what is below it is not met */
  met(fqn: string, isLeftOut = false): void {
    if (this.#entries.size === 0) return;
    const parts = splitFqn(fqn);
    const id = parts.join('\0');
    this.#entries.delete(id);
    this.#beside.get(parts.slice(0, -1).join('\0'))?.add(fqn);
    if (isLeftOut) this.#leftOut.add(id);
  }

  /** The columns of a table that is profiled, against what is configured for them. */
  columns(table: ProfiledTableRecord): void {
    const { includeColumns = [], excludeColumns = [] } = columnConfigOf(table, this.recipe) ?? {};
    if (includeColumns.length + excludeColumns.length === 0) return;
    const own = new Set(table.columns.map(({ name }) => restoreName(name)));
    const { fullyQualifiedName: fqn } = table;
    const of = (key: string, names: readonly string[]): void => {
      const unmet = names.filter((name) => !own.has(restoreName(name)) && name !== 'all');
      if (unmet.length > 0)
        this.#columns.push(`${key} of ${fqn}: ${named(unmet)} (the table has ${named(nearestFirst(unmet, [...own]))})`);
    };
    of(
      'includeColumns',
      includeColumns.map(({ columnName }) => columnName)
    );
    of('excludeColumns', excludeColumns);
    const beyond = includeColumns
      .flatMap(({ metrics = [] }) => metrics)
      .filter((each) => !this.#metrics.has(each.toLowerCase()));
    if (beyond.length > 0)
      this.#columns.push(
        `includeColumns of ${fqn}: the metrics ${named([...new Set(beyond)])} (only those of the run's own \`metrics\` are measured)`
      );
  }

  /** One line for the report; undefined when all names are met. What patterns leave out is asked for by name. */
  async line(client: Pick<OpenMetadataClient, 'profiles'>, signal: AbortSignal): Promise<string | undefined> {
    const unmet: string[] = [];
    for (const { key, fqn, parts } of this.#entries.values()) {
      if (unmet.length >= NAMED) break;
      if (parts.some((_, at) => this.#leftOut.has(parts.slice(0, at).join('\0')))) continue;
      if (key === 'tableConfig' && (await client.profiles.table(fqn, { signal })) !== undefined) continue;
      // by the last name alone: all before it are the same
      const names = new Map(
        [...(this.#beside.get(parts.slice(0, -1).join('\0')) ?? [])].map((each) => [splitFqn(each).at(-1) ?? '', each])
      );
      const beside = nearestFirst(parts.slice(-1), [...names.keys()]).map((name) => names.get(name) ?? name);
      unmet.push(`${key}: ${fqn}${beside.length === 0 ? '' : ` (there is ${named(beside)})`}`);
    }
    const all = [...unmet, ...this.#columns];
    if (all.length === 0) return undefined;
    const more = all.length > NAMED ? `; and ${all.length - NAMED} more` : '';
    return `The configuration names what is not there, which has no effect: ${all.slice(0, NAMED).join('; ')}${more}.`;
  }
}
