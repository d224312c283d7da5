import { catalogNamesAreExact, type Dialect, type LineageTable, type PooledLineage } from '../sql/index.js';
import { fullNameText, type FoundTable, type TableFinder, type TableName } from './table-finder.js';
import type { Found } from './text-edges.js';
import type { Text } from './text.js';

/** The name under which a view's plain query writes: no table is called this. */
export const VIEW_TARGET = 'the view itself';

/** The tables of all statements, by the names each statement uses for them; each name is looked up once. */
export async function findTables(
  texts: readonly Text[],
  lineages: readonly PooledLineage[],
  { finder, dialect }: { readonly finder: Pick<TableFinder, 'findAll'>; readonly dialect: Dialect }
): Promise<Found[]> {
  const names = texts.flatMap((text, index) => {
    const lineage = lineages[index];
    if (lineage === undefined || lineage.edges.length === 0) return [];
    return tablesOf(lineage).map((table) => ({ index, table: table.name, name: toName(table, text, dialect) }));
  });
  const tables = await finder.findAll(names.map(({ name }) => name));
  const found = texts.map(() => new Map<string, readonly FoundTable[]>());
  const renamed = renamesOf(texts, lineages, dialect);
  const later: { index: number; table: string; name: TableName }[] = [];
  names.forEach(({ index, table, name }, position) => {
    const matches = tables[position] ?? [];
    const newName = renamed.get(nameKeyOf(name));
    if (matches.length > 0) found[index]?.set(table, matches);
    else if (newName !== undefined) later.push({ index, table, name: newName });
  });
  const others = await finder.findAll(later.map(({ name }) => name));
  later.forEach(({ index, table }, position) => {
    const matches = others[position] ?? [];
    if (matches.length > 0) found[index]?.set(table, matches);
  });
  return found;
}

/**
 * Full names that statements of this chunk give to tables: if a table is filled under one name and then renamed, the
 * catalog knows it by the new one. Later renames in the chunk are followed.
 */
function renamesOf(
  texts: readonly Text[],
  lineages: readonly PooledLineage[],
  dialect: Dialect
): ReadonlyMap<string, TableName> {
  const renamed = new Map<string, TableName>();
  for (const [index, lineage] of lineages.entries()) {
    const text = texts[index];
    if (text === undefined) continue;
    for (const { from, to } of lineage.renames) {
      const old = nameKeyOf(toName(from, text, dialect));
      const name = toName(to, text, dialect);
      renamed.set(old, name);
      for (const [first, second] of renamed) if (nameKeyOf(second) === old) renamed.set(first, name);
    }
  }
  return renamed;
}

function nameKeyOf(name: TableName): string {
  return name.exact === true ? fullNameText(name) : fullNameText(name).toLowerCase();
}

export function tablesOf({ sources, targets, intermediate }: PooledLineage): LineageTable[] {
  return [...sources, ...targets, ...intermediate].filter(({ kind, name }) => kind === 'table' && name !== VIEW_TARGET);
}

export function toName({ parts }: Pick<LineageTable, 'parts'>, text: Text, dialect: Dialect): TableName {
  const { database, schema } = text;
  return {
    parts,
    database,
    schema,
    ...(catalogNamesAreExact(dialect, text.exactNames) ? { exact: true } : {}),
  };
}
