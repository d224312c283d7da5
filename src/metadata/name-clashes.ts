import { restoreName } from '../openmetadata/index.js';
import type { MetadataSource, SchemaRef, Selection, SourceRecord, SourceScope } from '../sources/index.js';

/** Stands in every name that was rewritten, and in few others. */
const REWRITTEN = '__reserved__';

/**
 * Of two names that become one in OpenMetadata (`a"b` and `a__reserved__quote__b`) the one that needs no rewriting is a problem while the other
 * is there and selected: without that the last one sent would stand for both, another one from run to run.
 */
export async function recordToldApart(
  source: MetadataSource,
  selection: Selection,
  ref: SchemaRef,
  record: SourceRecord
): Promise<SourceRecord> {
  if (record.kind !== 'table' && record.kind !== 'procedure') return record;
  const other = otherName(record.name);
  if (other === undefined) return record;
  const { database, schema } = ref;
  const leftOut =
    record.kind === 'table'
      ? await selection.table(database, schema, other, 'other')
      : await selection.procedure(database, schema, other);
  if (leftOut !== undefined || (await source.stillThere(ref, record.kind, [other])).length === 0) return record;
  return { kind: 'problem', entity: record.kind, name: record.name, message: clash(record.kind, record.name, other) };
}

/** The same for databases and schemas. */
export async function scopeToldApart(
  source: MetadataSource,
  selection: Selection,
  scope: SourceScope
): Promise<SourceScope> {
  if (scope.kind !== 'database' && scope.kind !== 'schema') return scope;
  const other = otherName(scope.name);
  if (other === undefined) return scope;
  const database = scope.kind === 'schema' ? scope.database : undefined;
  const leftOut = database === undefined ? await selection.database(other) : await selection.schema(database, other);
  if (leftOut !== undefined || (await source.scopesStillThere(database, [other])).length === 0) return scope;
  const message = clash(scope.kind, scope.name, other);
  return scope.kind === 'database'
    ? { kind: 'problem', entity: 'database', database: scope.name, message }
    : { kind: 'problem', entity: 'schema', database: scope.database, schema: scope.name, message };
}

/** Whether a name reads as a rewritten one: only then is anything asked. */
export function readsAsRewritten(name: string): boolean {
  return name.includes(REWRITTEN);
}

function otherName(name: string): string | undefined {
  if (!readsAsRewritten(name)) return undefined;
  const restored = restoreName(name);
  return restored === name ? undefined : restored;
}

function clash(kind: string, name: string, other: string): string {
  return (
    `OpenMetadata stores the ${kind} ${JSON.stringify(other)} under the name of this one, ${name}, and can hold one of them: ` +
    'this one is left out. Rename one of the two, or leave one out with a filter pattern.'
  );
}
