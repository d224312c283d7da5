import { namesStoredAlike } from '../openmetadata/index.js';
import type { MetadataSource, SchemaRef, Selection, SourceRecord, SourceScope } from '../sources/index.js';

/** In every rewritten name, and in few others. */
const REWRITTEN = '__reserved__';
/** Names that the source is asked about at once. */
const NAMES = 500;

/**
 * Of names that become the same in OpenMetadata (`a"b`, `a__reserved__quote__b`) the one with the fewest rewritten
 * characters is used; each other is a problem while that one exists and is selected. Otherwise the last one sent would
 * win, and it might change from run to run.
 */
export async function recordToldApart(
  source: MetadataSource,
  selection: Selection,
  ref: SchemaRef,
  record: SourceRecord
): Promise<SourceRecord> {
  if (record.kind !== 'table' && record.kind !== 'procedure') return record;
  const { kind, name } = record;
  const { database, schema } = ref;
  const isSelected = async (other: string): Promise<boolean> =>
    (await (kind === 'table'
      ? selection.table(database, schema, other, 'other')
      : selection.procedure(database, schema, other))) === undefined;
  const other = await takenBefore(name, isSelected, (names) => source.stillThere(ref, kind, names));
  return other === undefined ? record : { kind: 'problem', entity: kind, name, message: clash(kind, name, other) };
}

/** The same for databases and schemas. */
export async function scopeToldApart(
  source: MetadataSource,
  selection: Selection,
  scope: SourceScope
): Promise<SourceScope> {
  if (scope.kind !== 'database' && scope.kind !== 'schema') return scope;
  const { kind, name } = scope;
  const database = scope.kind === 'schema' ? scope.database : undefined;
  const isSelected = async (other: string): Promise<boolean> =>
    (await (database === undefined ? selection.database(other) : selection.schema(database, other))) === undefined;
  const other = await takenBefore(name, isSelected, (names) => source.scopesStillThere(database, names));
  if (other === undefined) return scope;
  const message = clash(kind, name, other);
  return scope.kind === 'database'
    ? { kind: 'problem', entity: 'database', database: name, message }
    : { kind: 'problem', entity: 'schema', database: scope.database, schema: name, message };
}

/** Whether a name looks rewritten: only then is the source asked. */
export function readsAsRewritten(name: string): boolean {
  return name.includes(REWRITTEN);
}

/** The name that is used instead of `name`; undefined when `name` is the one. */
async function takenBefore(
  name: string,
  isSelected: (name: string) => Promise<boolean>,
  there: (names: readonly string[]) => Promise<readonly string[]>
): Promise<string | undefined> {
  if (!readsAsRewritten(name)) return undefined;
  const alike = namesStoredAlike(name);
  const before: string[] = [];
  for (const each of alike.slice(0, alike.indexOf(name))) if (await isSelected(each)) before.push(each);
  for (let start = 0; start < before.length; start += NAMES) {
    const found = new Set(await there(before.slice(start, start + NAMES)));
    const first = before.find((each) => found.has(each));
    if (first !== undefined) return first;
  }
  return undefined;
}

function clash(kind: string, name: string, other: string): string {
  return (
    `OpenMetadata stores the ${kind} ${JSON.stringify(other)} under the same name as this one, ${JSON.stringify(name)}, and can hold one of them: ` +
    'this one is left out. Rename one of the two, or leave one out with a filter pattern.'
  );
}
