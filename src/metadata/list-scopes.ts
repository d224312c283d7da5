import type { PartRecorder, PartReport } from '../report/index.js';
import type { MetadataSource, Selection, SourceScope } from '../sources/index.js';
import type { SliceWriter } from '../staging/index.js';
import { databaseRequest, schemaRequest } from './requests.js';
import { scopeLine, type ScopeLine } from './staged-record.js';

/** A unit of work holds schemas with about this many tables and procedures: big enough to be few, small enough to be spread. */
const UNIT_WEIGHT = 1_000;
/** And no more schemas than this, so that a retry of a unit repeats little. */
const UNIT_SCHEMAS = 50;

/** A scope's place; `schema` absent = the database's own record. */
export interface ScopePosition {
  readonly database: string;
  readonly schema?: string;
}

export interface ListScopesInput {
  readonly service: string;
  readonly source: MetadataSource;
  readonly selection: Selection;
  readonly includeTags: boolean;
  readonly writer: SliceWriter<ScopePosition, PartReport>;
  readonly recorder: PartRecorder;
}

/**
 * Lists databases and schemas into the `scopes` slice. Each chunk of it is one unit of work for extraction: a retry leaves out what
 * is staged and adds the rest, also when the source gained or lost a scope in between.
 */
export async function listScopes(input: ListScopesInput): Promise<void> {
  const { service, source, selection, includeTags, writer, recorder } = input;
  if (writer.complete) return;
  const staged = new Set<string>();
  for await (const value of writer.committedRecords()) staged.add(keyOf(linePosition(scopeLine.parse(value))));
  let weight = 0;
  let schemas = 0;
  for await (const scope of source.scopes(selection, { includeTags })) {
    const position = positionOf(scope);
    if (staged.has(keyOf(position))) continue;
    // The next schema closes a full unit: what is left out behind the last one makes no unit of its own.
    if (scope.kind === 'schema' && (weight >= UNIT_WEIGHT || schemas >= UNIT_SCHEMAS)) {
      await writer.flush();
      weight = 0;
      schemas = 0;
    }
    await writer.add(toLine(service, scope), position);
    count(scope, recorder);
    if (scope.kind !== 'schema') continue;
    weight += scope.weight;
    schemas += 1;
  }
  await writer.finish();
}

function toLine(service: string, scope: SourceScope): ScopeLine {
  switch (scope.kind) {
    case 'database':
      return { kind: 'database', name: scope.name, request: databaseRequest(service, scope) };
    case 'schema':
      return { kind: 'schema', database: scope.database, schema: scope.name, request: schemaRequest(service, scope) };
    case 'unselected':
    case 'problem':
      return { kind: 'seen', ...placeOf(scope) };
  }
}

function count(scope: SourceScope, recorder: PartRecorder): void {
  switch (scope.kind) {
    case 'database':
    case 'schema':
      return recorder.count('source', { records: 1 });
    case 'unselected':
      return recorder.count('source', { filtered: 1 });
    case 'problem': {
      const names = [scope.database, scope.schema].filter((part) => part !== undefined);
      return recorder.failure('source', names.join('.'), scope.message);
    }
  }
}

function placeOf(scope: { database: string; schema?: string | undefined }): { database: string; schema?: string } {
  return { database: scope.database, ...(scope.schema === undefined ? {} : { schema: scope.schema }) };
}

function positionOf(scope: SourceScope): ScopePosition {
  if (scope.kind === 'database') return { database: scope.name };
  return scope.kind === 'schema' ? { database: scope.database, schema: scope.name } : placeOf(scope);
}

function linePosition(line: ScopeLine): ScopePosition {
  return line.kind === 'database' ? { database: line.name } : placeOf(line);
}

function keyOf({ database, schema }: ScopePosition): string {
  return JSON.stringify([database, schema]);
}
