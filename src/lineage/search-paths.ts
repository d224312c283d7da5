import type { LineageTable, PooledLineage, Spelling } from '../sql/index.js';
import type { FoundTable, TableFinder, TableName } from './table-finder.js';

/** Columns by the names of their tables. */
type Schema = Readonly<Record<string, readonly string[]>>;

export interface SearchPathsInput {
  readonly finder: Pick<TableFinder, 'findAll'>;
  /** Whether anything is made of a lineage. Default: of each. */
  readonly isWanted?: (lineage: PooledLineage) => boolean;
  /** What a table of the text at `index` is looked up by. */
  readonly nameOf: (index: number, parts: readonly string[]) => TableName;
  /** Reads texts once more, with what is known of their tables. */
  readonly readAgain: (texts: readonly { index: number; schema: Schema }[]) => Promise<readonly PooledLineage[]>;
}

/** A name without a schema, in each schema of its text's search path. */
interface Unplaced {
  readonly index: number;
  readonly spellings: readonly Spelling[];
  /** Else it is the session's own. */
  readonly isOwn: boolean;
}

/**
 * The lineages, those read anew that have a table which isn't in the first schema of their text's search path, and
 * which the catalog has in a later one.
 */
export async function alongSearchPaths(
  lineages: readonly PooledLineage[],
  { finder, isWanted = () => true, nameOf, readAgain }: SearchPathsInput
): Promise<readonly PooledLineage[]> {
  const schemas = new Map<number, Record<string, readonly string[]>>();
  const moved = new Set<number>();
  let unplaced = lineages.flatMap((lineage, index) => (isWanted(lineage) ? unplacedOf(lineage, index) : []));
  for (let place = 0; unplaced.length > 0; place += 1) {
    const found = await finder.findAll(
      unplaced.map(({ index, spellings }) => nameOf(index, spellings[place]?.parts ?? []))
    );
    for (const [at, { index, spellings, isOwn }] of unplaced.entries()) {
      const [table] = found[at] ?? [];
      if (table === undefined) continue;
      schemas.set(index, { ...schemas.get(index), ...columnsUnder(spellings[place], table) });
      if (place > 0 || isOwn) moved.add(index);
    }
    unplaced = unplaced.filter(({ spellings }, at) => found[at]?.length === 0 && spellings.length > place + 1);
  }
  const texts = [...moved].map((index) => ({ index, schema: schemas.get(index) ?? {} }));
  const again = texts.length === 0 ? [] : await readAgain(texts);
  const anew = new Map(texts.map(({ index }, at) => [index, again[at]]));
  return lineages.map((lineage, index) => anew.get(index) ?? lineage);
}

function unplacedOf({ sources, targets, intermediate, changed }: PooledLineage, index: number): Unplaced[] {
  return [...sources, ...targets, ...intermediate, ...changed].flatMap((table: LineageTable) =>
    table.otherwise === undefined ? [] : [unplaced(table, table.otherwise, index)]
  );
}

function unplaced(table: LineageTable, otherwise: readonly Spelling[], index: number): Unplaced {
  const isOwn = table.temporary === true;
  return { index, isOwn, spellings: isOwn ? otherwise : [table, ...otherwise] };
}

function columnsUnder(spelling: Spelling | undefined, { columns }: FoundTable): Schema {
  return spelling === undefined ? {} : { [spelling.name]: columns.names };
}
