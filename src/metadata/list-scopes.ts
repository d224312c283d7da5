import type { PartRecorder } from '../report/index.js';
import type { MetadataOptions, MetadataSource, Selection, SourceScope } from '../sources/index.js';
import { listStage, type ManifestEntry, type SliceAddress, type StageRun } from '../staging/index.js';
import { entityFqn } from '../openmetadata/index.js';
import { scopeToldApart } from './name-clashes.js';
import { databaseRequest, schemaRequest } from './requests.js';
import { reasonText } from './reason-text.js';
import { scopeLine, type ScopeLine } from './staged-record.js';
import type { UnitCuts } from './units-of-scopes.js';

/**
 * A unit of work holds schemas with about this many tables and procedures: big enough to be few, small enough to be
 * spread.
 */
const UNIT_WEIGHT = 1_000;
/** Most schemas in a unit, so that a retry repeats little. */
const UNIT_SCHEMAS = 50;
/** A schema twice as heavy is cut into ranges of about this weight, each a unit. */
const RANGE_WEIGHT = 2_500;
/**
 * Most ranges of one schema: each lists what the catalog has of the whole schema, and on some servers costs the source
 * as much.
 */
const MOST_RANGES = 8;

/** A scope's place; without `schema`: the database's own record. */
interface ScopePlace {
  readonly database: string;
  readonly schema?: string;
}

export interface ListScopesInput extends StageRun {
  readonly service: string;
  /** Opened when something is left to read. */
  readonly source: () => Promise<MetadataSource>;
  readonly selection: Selection;
  readonly options: Pick<MetadataOptions, 'includeTags' | 'includeOwners'>;
  readonly to: SliceAddress;
  readonly recorder: PartRecorder;
}

/**
 * Lists databases and schemas into the `scopes` slice. Each chunk of it is one unit of work for extraction. A big
 * schema is several units, and where it is divided is staged with it, so that all attempts and stages agree.
 * @returns the slice's manifest
 */
export function listScopes(input: ListScopesInput): Promise<readonly ManifestEntry[]> {
  const { service, selection, options, recorder } = input;
  return listStage(input, {
    to: input.to,
    keyOf: (line) => keyOf(linePlace(scopeLine.parse(JSON.parse(line.toString())))),
    work: async (listing) => {
      const source = await input.source();
      let weight = 0;
      let schemas = 0;
      /**
       * Where the schema in the open chunk is divided; whatever else is in that chunk is left out, and makes no unit.
       */
      let open: readonly string[] = [];
      const added = (scope: SourceScope): void => {
        if (listing.held === 1) [weight, schemas] = [0, 0];
        count(service, scope, recorder);
        if (scope.kind !== 'schema') return;
        weight += scope.weight;
        schemas += 1;
      };
      /** Databases displaced by another of the same name in OpenMetadata, with all that they contain. */
      const keptOut = new Set<string>();
      for await (const listed of source.scopes(selection, options)) {
        if (listed.kind === 'schema' && keptOut.has(listed.database)) continue;
        const scope = await scopeToldApart(source, selection, listed);
        if (listed.kind === 'database' && scope.kind === 'problem') keptOut.add(listed.name);
        // the next schema closes a full unit: what is left out after the last one doesn't make another unit
        const isFull = weight >= UNIT_WEIGHT || schemas >= UNIT_SCHEMAS || open.length > 0;
        if (scope.kind === 'schema' && isFull) await listing.cut();
        const cuts = await cutsOf(source, scope);
        // a schema of several units has a chunk to itself
        if (cuts.length > 0 && schemas > 0) await listing.cut();
        if (listing.held === 0) open = [];
        if (cuts.length > 0) open = cuts;
        const line = JSON.stringify(toLine(service, scope) satisfies ScopeLine);
        const cursor: UnitCuts = { cuts: [...open] };
        await listing.add(line, { key: keyOf(placeOf(scope)), cursor, count: () => added(scope) });
      }
    },
  });
}

async function cutsOf(source: MetadataSource, scope: SourceScope): Promise<readonly string[]> {
  if (scope.kind !== 'schema' || scope.weight < 2 * RANGE_WEIGHT || source.cuts === undefined) return [];
  const size = Math.max(RANGE_WEIGHT, Math.ceil(scope.weight / MOST_RANGES));
  return source.cuts({ database: scope.database, schema: scope.name }, size);
}

function toLine(service: string, scope: SourceScope): ScopeLine {
  switch (scope.kind) {
    case 'database':
      return { kind: 'database', name: scope.name, request: databaseRequest(service, scope), owner: scope.owner };
    case 'schema': {
      const request = schemaRequest(service, scope);
      return { kind: 'schema', database: scope.database, schema: scope.name, request, owner: scope.owner };
    }
    case 'unselected':
      return { kind: 'seen', ...place(scope.database, scope.schema), filtered: scope.reason };
    case 'problem':
      return { kind: 'seen', ...place(scope.database, scope.schema), failed: reasonText(scope.message) };
  }
}

function count(service: string, scope: SourceScope, recorder: PartRecorder): void {
  switch (scope.kind) {
    case 'database':
    case 'schema':
      return recorder.count('source', { records: 1 });
    case 'unselected':
      return recorder.count('source', { filtered: 1 });
    case 'problem': {
      const names = [scope.database, scope.schema].filter((part) => part !== undefined);
      recorder.questioned(entityFqn(service, ...names));
      return recorder.failure('source', names.join('.'), scope.message);
    }
  }
}

function placeOf(scope: SourceScope): ScopePlace {
  return scope.kind === 'database'
    ? { database: scope.name }
    : place(scope.database, scope.kind === 'schema' ? scope.name : scope.schema);
}

function linePlace(line: ScopeLine): ScopePlace {
  return line.kind === 'database' ? { database: line.name } : place(line.database, line.schema);
}

function place(database: string, schema: string | undefined): ScopePlace {
  return schema === undefined ? { database } : { database, schema };
}

function keyOf({ database, schema }: ScopePlace): string {
  return JSON.stringify([database, schema]);
}
