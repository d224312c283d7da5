import type { SourceScope } from '../records.js';
import type { MetadataOptions, Selection } from '../source.js';

/** A schema as a catalogue lists it. */
export interface ListedSchema {
  readonly name: string;
  readonly comment: string | null;
  readonly owner?: string;
  /** Tables and routines that it holds. */
  readonly weight: number;
}

/** The schemas of a database that are read, and those that the recipe leaves out with the reason. */
export async function* schemaScopes(
  database: string,
  schemas: Iterable<ListedSchema>,
  selection: Selection,
  { includeOwners = false }: Pick<MetadataOptions, 'includeOwners'> = {}
): AsyncGenerator<SourceScope> {
  for (const { name, comment, owner, weight } of schemas) {
    const reason = await selection.schema(database, name);
    if (reason !== undefined) yield { kind: 'unselected', entity: 'schema', database, schema: name, reason };
    else {
      const description = comment === null || comment === '' ? {} : { description: comment };
      const owned = includeOwners && owner !== undefined ? { owner } : {};
      yield { kind: 'schema', database, name, weight, ...description, ...owned };
    }
  }
}

/** Those of `names` that a statement found. */
export function foundNames(names: readonly string[], rows: Iterable<{ readonly name: string }>): string[] {
  const there = new Set(Array.from(rows, ({ name }) => name));
  return names.filter((name) => there.has(name));
}
