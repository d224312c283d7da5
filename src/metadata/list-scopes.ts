import { z } from 'zod';
import type { PartRecorder, PartReport } from '../report/index.js';
import type { MetadataSource, Selection, SourceScope } from '../sources/index.js';
import type { SliceWriter } from '../staging/index.js';
import { databaseRequest, schemaRequest } from './requests.js';
import type { ScopeLine } from './staged-record.js';

/** A unit of work holds schemas with about this many tables and procedures: big enough to be few, small enough to be spread. */
const UNIT_WEIGHT = 2_000;
/** And no more schemas than this, so that a retry of a unit repeats little. */
const UNIT_SCHEMAS = 50;

/** Behind this scope; `schema` absent = behind the database's own record. */
export const scopePosition = z.object({ database: z.string(), schema: z.string().optional() });
export type ScopePosition = z.infer<typeof scopePosition>;

export interface ListScopesInput {
  readonly service: string;
  readonly source: MetadataSource;
  readonly selection: Selection;
  readonly includeTags: boolean;
  readonly writer: SliceWriter<ScopePosition, PartReport>;
  readonly recorder: PartRecorder;
}

/**
 * Lists databases and schemas into the `scopes` slice. Each chunk of it is one unit of work for extraction: a retry goes on
 * behind the last committed unit.
 */
export async function listScopes({
  service,
  source,
  selection,
  includeTags,
  writer,
  recorder,
}: ListScopesInput): Promise<void> {
  if (writer.complete) return;
  let behind = writer.resumeFrom === undefined ? undefined : scopePosition.parse(writer.resumeFrom);
  let weight = 0;
  let schemas = 0;
  for await (const scope of source.scopes(selection, { includeTags })) {
    const position = positionOf(scope);
    if (behind !== undefined) {
      if (samePosition(position, behind)) behind = undefined;
      continue;
    }
    await writer.add(toLine(service, scope, recorder), position);
    if (scope.kind !== 'schema') continue;
    weight += scope.weight;
    schemas += 1;
    if (weight >= UNIT_WEIGHT || schemas >= UNIT_SCHEMAS) {
      await writer.flush();
      weight = 0;
      schemas = 0;
    }
  }
  await writer.finish();
}

function toLine(service: string, scope: SourceScope, recorder: PartRecorder): ScopeLine {
  switch (scope.kind) {
    case 'database':
      recorder.count('source', { records: 1 });
      return { kind: 'database', name: scope.name, request: databaseRequest(service, scope) };
    case 'schema':
      recorder.count('source', { records: 1 });
      return { kind: 'schema', database: scope.database, schema: scope.name, request: schemaRequest(service, scope) };
    case 'unselected':
      recorder.count('source', { filtered: 1 });
      return { kind: 'seen', ...placeOf(scope) };
    case 'problem':
      recorder.failure(
        'source',
        [scope.database, scope.schema].filter((part) => part !== undefined).join('.'),
        scope.message
      );
      return { kind: 'seen', ...placeOf(scope) };
  }
}

function placeOf(scope: { database: string; schema?: string }): { database: string; schema?: string } {
  return { database: scope.database, ...(scope.schema === undefined ? {} : { schema: scope.schema }) };
}

function positionOf(scope: SourceScope): ScopePosition {
  if (scope.kind === 'database') return { database: scope.name };
  return scope.kind === 'schema' ? { database: scope.database, schema: scope.name } : placeOf(scope);
}

function samePosition(left: ScopePosition, right: ScopePosition): boolean {
  return left.database === right.database && left.schema === right.schema;
}
