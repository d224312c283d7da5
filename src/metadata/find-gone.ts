import { buildFqn, entityFqn, namesStoredAlike, splitFqn } from '../openmetadata/index.js';
import type { SchemaRef, ScopeRef, SourceEntity } from '../sources/index.js';
import type { ManifestEntry, StagingStore } from '../staging/index.js';
import type { Catalog, StaleScope } from './catalog.js';
import { KIND_OF, enabledKinds, type DeleteFlags } from './delete-flags.js';
import { readExtractLine } from './extract-line.js';
import { schemaFqn } from './requests.js';
import type { GoneLine } from './staged-deletion.js';
import { scopeLines } from './listed-databases.js';
import type { VisibilityGate } from './visibility-gate.js';

export interface FindGoneInput {
  readonly service: string;
  readonly catalog: Catalog;
  readonly store: StagingStore;
  readonly run: string;
  readonly stages: { readonly scopes: string; readonly extract: string };
  readonly flags: DeleteFlags;
  readonly gate: VisibilityGate;
}

type Entity = keyof typeof KIND_OF;

/**
 * Entities of one kind below a schema, a database or the service, and everything the source listed there before
 * filters.
 */
interface Listing {
  readonly scope: ScopeRef;
  readonly entity: SourceEntity;
  readonly stale: StaleScope;
  readonly seen: readonly string[];
}

/**
 * Tables and procedures of the units' schemas that the catalog has and the source no longer has.
 * @param units one, or all those of one schema
 */
export async function goneInUnits(input: FindGoneInput, units: readonly number[]): Promise<GoneLine[]> {
  const { store, service } = input;
  const lines: GoneLine[] = [];
  let seen: Record<Entity, string[]> = { table: [], procedure: [] };
  let isWhole = true;
  for (const entry of await entriesOf(input, units)) {
    for (const bytes of await store.lines(entry)) {
      const { line } = readExtractLine(bytes);
      if (line.kind === 'gone') {
        lines.push(...(await namedGone(input, line)));
      } else if (line.kind === 'end') {
        isWhole &&= line.listing === 'whole';
        // the schema continues in the next unit
        if (line.until !== undefined) continue;
        if (isWhole) lines.push(...(await goneInSchema(input, line, seen)));
        seen = { table: [], procedure: [] };
        isWhole = true;
      } else {
        seen[line.kind === 'seen' ? line.entity : line.kind].push(
          entityFqn(service, line.database, line.schema, line.name)
        );
      }
    }
  }
  return lines;
}

async function entriesOf({ store, run, stages }: FindGoneInput, units: readonly number[]): Promise<ManifestEntry[]> {
  const entries: ManifestEntry[] = [];
  for (const unit of units)
    entries.push(...(await store.manifest({ run, stage: stages.extract, slice: String(unit) })));
  return entries;
}

async function goneInSchema(
  input: FindGoneInput,
  { database, schema }: SchemaRef,
  seen: Readonly<Record<Entity, string[]>>
): Promise<GoneLine[]> {
  const lines: GoneLine[] = [];
  const scopeFqn = schemaFqn({ service: input.service, database, schema });
  for (const entity of ['table', 'procedure'] as const) {
    if (!enabledKinds(input.flags).includes(KIND_OF[entity])) continue;
    const stale: StaleScope = { kind: KIND_OF[entity], scopeFqn, scopeType: 'databaseSchema' };
    lines.push(...(await goneOf(input, { scope: { database, schema }, entity, stale, seen: seen[entity] })));
  }
  return lines;
}

/** An incremental listing names what is gone; what it doesn't show means nothing. */
async function namedGone(
  { service, catalog, flags, gate }: FindGoneInput,
  { database, schema, entity, name }: SchemaRef & { entity: Entity; name: string }
): Promise<GoneLine[]> {
  const kind = KIND_OF[entity];
  const fqn = entityFqn(service, database, schema, name);
  if (!enabledKinds(flags).includes(kind) || (await catalog.find(kind, fqn)) === undefined) return [];
  const gone = await gate.gone({ database, schema }, entity, [name]);
  return gone.map(() => ({ kind, fqn, name, database, schema, entities: 1, named: true }));
}

/** Schemas of the databases that were read, then databases, as the flags say. */
export async function goneScopes(input: FindGoneInput): Promise<GoneLine[]> {
  const { service, flags } = input;
  const databases: string[] = [];
  /** Schemas by database. Nothing is known about those in a database that was left out. */
  const schemas = new Map<string, string[]>();
  for await (const line of scopeLines(input)) {
    const database = line.kind === 'database' ? line.name : line.database;
    const schema = line.kind === 'database' ? undefined : line.schema;
    if (schema === undefined) databases.push(entityFqn(service, database));
    if (line.kind === 'database') schemas.set(database, []);
    else if (schema !== undefined) schemas.get(database)?.push(entityFqn(service, database, schema));
  }
  const lines: GoneLine[] = [];
  if (flags.markDeletedSchemas) {
    for (const [database, seen] of schemas) {
      const stale: StaleScope = {
        kind: 'databaseSchemas',
        scopeFqn: entityFqn(service, database),
        scopeType: 'database',
      };
      lines.push(...(await goneOf(input, { scope: { database }, entity: 'schema', stale, seen })));
    }
  }
  if (!flags.markDeletedDatabases) return lines;
  const stale: StaleScope = { kind: 'databases', scopeFqn: buildFqn(service), scopeType: 'service' };
  return [...lines, ...(await goneOf(input, { scope: {}, entity: 'database', stale, seen: databases }))];
}

async function goneOf(input: FindGoneInput, { scope, entity, stale, seen }: Listing): Promise<GoneLine[]> {
  const { catalog, gate } = input;
  // the scope's own FQN does no harm in the list, and without any FQN the server deletes nothing: an emptied scope
  // would keep everything
  const candidates = await catalog.stale(stale, [stale.scopeFqn, ...seen]);
  if (candidates.length === 0) return [];
  const gone = new Set(await gate.gone(scope, entity, candidates.flatMap(sourceNames)));
  const lines: GoneLine[] = [];
  for (const fqn of candidates) {
    const names = sourceNames(fqn);
    const [name] = names;
    if (name === undefined || !names.every((each) => gone.has(each))) continue;
    lines.push({ kind: stale.kind, fqn, name, ...scope, entities: 1 + (await countBelow(catalog, entity, fqn)) });
  }
  return lines;
}

/** How the source may name an entity: names that look rewritten are rare, but exist. */
export function sourceNames(fqn: string): string[] {
  return namesStoredAlike(splitFqn(fqn).at(-1) ?? '');
}

/** Live entities that are deleted with a container. */
async function countBelow(catalog: Catalog, entity: SourceEntity, scopeFqn: string): Promise<number> {
  if (entity === 'table' || entity === 'procedure') return 0;
  const scopeType = entity === 'schema' ? 'databaseSchema' : 'database';
  const kinds = ['tables', 'storedProcedures', ...(entity === 'schema' ? [] : (['databaseSchemas'] as const))] as const;
  let count = 0;
  for (const kind of kinds) count += await catalog.count({ kind, scopeFqn, scopeType });
  return count;
}

/** Live entities of those of the databases that the catalog has. */
export async function countDatabases(
  { catalog, service }: Pick<FindGoneInput, 'catalog' | 'service'>,
  fqns: ReadonlySet<string>
): Promise<number> {
  let count = 0;
  for await (const { name } of catalog.existing('databases', buildFqn(service))) {
    const fqn = buildFqn(service, name);
    if (fqns.has(fqn)) count += 1 + (await countBelow(catalog, 'database', fqn));
  }
  return count;
}
