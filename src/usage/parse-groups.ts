import { beginning } from '../errors/index.js';
import { alongSearchPaths, type FoundTable, type TableFinder, type TableName } from '../lineage/index.js';
import type { PartRecorder } from '../report/index.js';
import {
  catalogNamesAreExact,
  type Dialect,
  type ParserPool,
  type PooledLineage,
  type PoolQuery,
  temporaryPlace,
} from '../sql/index.js';
import { growingSlice, toLines, transformStage, type SliceAddress, type StageRun } from '../staging/index.js';
import { columnJoins, type FoundTables } from './column-joins.js';
import { ParseTally, runsOf, shownText } from './parse-tally.js';
import { textGroup, type ChunkTally, type ParsedText, type TableUse, type TextGroup } from './staged-line.js';
import { isExcluded, tableUses, withTemporary, type NamedTable } from './table-uses.js';

/** Longest statement that is stored, in characters. */
const STORED_TEXT = 100_000;

export interface ParseGroupsInput extends StageRun {
  readonly pool: Pick<ParserPool, 'parseBatch'>;
  readonly finder: Pick<TableFinder, 'findAll'>;
  readonly dialect: Dialect;
  readonly signal: AbortSignal;
  readonly from: SliceAddress;
  readonly to: SliceAddress;
  readonly recorder: PartRecorder;
}

/** Parses a slice of groups that is staged whole, chunk by chunk. */
export async function parseGroups(input: ParseGroupsInput): Promise<void> {
  await transformStage<TextGroup>(input, {
    from: growingSlice(input.store, input.from),
    to: input.to,
    parse: (line) => textGroup.parse(JSON.parse(line.toString())),
    work: async ({ records }) => {
      const { lines, tally } = await parseTexts(records, input);
      input.recorder.count('query-parser', { records: runsOf(records) });
      return { lines: toLines(lines), position: tally };
    },
  });
}

/** The parsed statement of each group that names a table of the catalog. */
export async function parseTexts(
  groups: readonly TextGroup[],
  input: Pick<ParseGroupsInput, 'pool' | 'finder' | 'dialect' | 'signal'>
): Promise<{ readonly lines: ParsedText[]; readonly tally: ChunkTally }> {
  const { pool, dialect, signal } = input;
  const read = await pool.parseBatch(
    groups.map((group) => poolQuery(group, dialect)),
    signal
  );
  const placed = await placedLineages(groups, read, input);
  const first = placed.map((lineage, index) => markedFor(groups[index], lineage, dialect));
  const named = groups.map((group, index) => tableUses(group, first[index], dialect));
  const found = await findTables(groups, named, first, input);
  const lineages = await withSchemas(groups, first, found, input);

  const lines: ParsedText[] = [];
  const tally = new ParseTally(dialect);
  for (const [index, group] of groups.entries()) {
    const [uses, tables, lineage] = [named[index] ?? [], found[index], lineages[index]];
    if (lineage === undefined || tables === undefined) continue;
    const known = entitiesOf(uses, tables);
    tally.add(group, lineage, uses, tables, known.length > 0);
    if (known.length === 0) continue;
    lines.push({
      tables: known,
      joins: columnJoins(lineage, tables, new Set(known.map(({ fqn }) => fqn))),
      ...storedQuery(group, dialect),
      days: group.days,
      users: group.users,
      newest: group.newest,
    });
  }
  return { lines, tally: tally.result() };
}

/** Names without a schema are looked up along their text's search path. */
function placedLineages(
  groups: readonly TextGroup[],
  read: readonly PooledLineage[],
  { pool, finder, dialect, signal }: Pick<ParseGroupsInput, 'pool' | 'finder' | 'dialect' | 'signal'>
): Promise<readonly PooledLineage[]> {
  return alongSearchPaths(read, {
    finder,
    nameOf: (index, parts) => tableName(groups[index], parts, dialect),
    readAgain: (again) =>
      pool.parseBatch(
        again.flatMap(({ index, schema }) => {
          const group = groups[index];
          return group === undefined ? [] : [poolQuery(group, dialect, { schema })];
        }),
        signal
      ),
  });
}

function tableName(group: TextGroup | undefined, parts: readonly string[], dialect: Dialect): TableName {
  const { database, schema, exactNames } = group ?? {};
  return { parts, database, schema, exact: catalogNamesAreExact(dialect, exactNames) };
}

function markedFor(group: TextGroup | undefined, lineage: PooledLineage, dialect: Dialect): PooledLineage {
  return group === undefined ? lineage : withTemporary(group, lineage, dialect);
}

/** What is parsed of a group. */
function poolQuery(
  { text, database, schema, exactNames, session }: TextGroup,
  dialect: Dialect,
  options: PoolQuery['options'] = {}
): PoolQuery {
  return {
    sql: text,
    dialect,
    options: {
      ...options,
      without: 'stored',
      countsAside: true,
      ...temporaryPlace(text, dialect, { database, schema }),
      ...(exactNames === true ? { exactNames } : {}),
      ...session,
    },
  };
}

/** Each name is looked up once; those that only a join has as well. */
async function findTables(
  groups: readonly TextGroup[],
  named: readonly (readonly NamedTable[])[],
  lineages: readonly (PooledLineage | undefined)[],
  { finder, dialect }: Pick<ParseGroupsInput, 'finder' | 'dialect'>
): Promise<readonly FoundTables[]> {
  const names = groups.flatMap((group, index) => {
    const written = joinedTables(lineages[index]).map((table) => ({ name: table.name, parts: table.parts }));
    const all = new Map([...(named[index] ?? []), ...written].map(({ name, parts }) => [name, parts]));
    return [...all].map(([name, parts]) => ({ index, name, table: tableName(group, parts, dialect) }));
  });
  const tables = await finder.findAll(names.map(({ table }) => table));
  const found = groups.map(() => new Map<string, readonly FoundTable[]>());
  names.forEach(({ index, name }, position) => {
    const matches = tables[position] ?? [];
    if (matches.length > 0) found[index]?.set(name, matches);
  });
  return found;
}

function joinedTables(lineage: PooledLineage | undefined): PooledLineage['sources'] {
  if (lineage === undefined || lineage.joins.length === 0) return [];
  return [...lineage.sources, ...lineage.targets].filter(
    ({ kind, temporary }) => kind === 'table' && temporary !== true
  );
}

/** Joins whose columns could not be placed are read once more with the columns of their tables. */
async function withSchemas(
  groups: readonly TextGroup[],
  lineages: readonly PooledLineage[],
  found: readonly FoundTables[],
  { pool, dialect, signal }: Pick<ParseGroupsInput, 'pool' | 'dialect' | 'signal'>
): Promise<readonly PooledLineage[]> {
  const again = groups.flatMap((group, index): { index: number; query: PoolQuery }[] => {
    const [lineage, tables] = [lineages[index], found[index]];
    const isLoose = lineage?.joins.some(({ left, right }) => left.table === undefined || right.table === undefined);
    if (isLoose !== true || tables === undefined || tables.size === 0) return [];
    const schema = Object.fromEntries([...tables].map(([name, same]) => [name, [...(same[0]?.columns.names ?? [])]]));
    return [{ index, query: poolQuery(group, dialect, { schema }) }];
  });
  const second = await pool.parseBatch(
    again.map(({ query }) => query),
    signal
  );
  const all = [...lineages];
  again.forEach(({ index }, position) => {
    const lineage = second[position];
    if (lineage !== undefined) all[index] = markedFor(groups[index], lineage, dialect);
  });
  return all;
}

/** Every entity once: one that is read and written was accessed and updated. */
function entitiesOf(uses: readonly NamedTable[], tables: FoundTables): ParsedText['tables'] {
  const known = new Map<string, { readonly fqn: string; readonly uses: Set<TableUse> }>();
  for (const { name, use } of uses) {
    for (const { id, fqn } of tables.get(name) ?? []) {
      const before = known.get(id);
      if (before === undefined) known.set(id, { fqn, uses: new Set([use]) });
      else before.uses.add(use);
    }
  }
  return [...known]
    .map(([id, { fqn, uses: all }]) => ({ id, fqn, uses: [...all].sort() }))
    .sort((left, right) => (left.fqn < right.fqn ? -1 : 1));
}

function storedQuery(group: TextGroup, dialect: Dialect): Pick<ParsedText, 'query' | 'shown'> {
  const { masked, queryType } = group;
  if (masked === undefined || isExcluded(queryType)) return { shown: shownText(group, dialect) };
  const text =
    masked.length <= STORED_TEXT ? masked : `${beginning(masked, STORED_TEXT)} /* … of ${masked.length} characters */`;
  return { query: { text, ...(queryType === undefined ? {} : { type: queryType }) } };
}
