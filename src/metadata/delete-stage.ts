import { buildFqn, entityFqn } from '../openmetadata/index.js';
import type { PartReport } from '../report/index.js';
import type { SchemaRef } from '../sources/index.js';
import type { ManifestEntry, StagingStore } from '../staging/index.js';
import type { Catalog, StaleScope } from './catalog.js';
import { KIND_OF, enabledKinds, type DeleteFlags } from './delete-flags.js';
import { readExtractLine } from './extract-line.js';
import { markStale } from './mark-deleted.js';
import { StagedMarks } from './staged-marks.js';
import { schemaFqn } from './requests.js';
import { nothingGone, scopeLine } from './staged-record.js';
import { unitGroups } from './units-of-scopes.js';
import { VisibilityGate, type VisibilityGateInput } from './visibility-gate.js';

export interface DeleteStageInput extends VisibilityGateInput {
  readonly service: string;
  readonly catalog: Catalog;
  readonly store: StagingStore;
  readonly run: string;
  readonly stages: {
    readonly scopes: string;
    readonly publishedScopes: string;
    readonly extract: string;
    readonly publish: string;
    readonly deleted: string;
  };
  readonly flags: DeleteFlags;
  readonly maxDeletedPercent: number | undefined;
  readonly takeFacts: () => PartReport;
  readonly onProgress: () => void;
}

type Entity = keyof typeof KIND_OF;

/** The part behind the last unit: schemas and databases. */
const SCOPES = 'scopes';

/**
 * Marks deleted what whole listings of this run did not show: tables and procedures of each schema, then schemas, then databases, as the
 * recipe's flags say. Parts of which publishing found that nothing is gone are passed over. One manifest entry for each of the others: a
 * retry goes on behind the last one.
 */
export async function deleteStage(input: DeleteStageInput): Promise<void> {
  const { store, run, stages, flags } = input;
  const groups = unitGroups(await store.manifest({ run, stage: stages.scopes, slice: '0' }));
  const parts = await partsToLookAt(input, groups);
  const to = { run, stage: stages.deleted, slice: '0' };
  const done = (await store.manifest(to)).length;
  const gate = new VisibilityGate(input);
  for (const [n, part] of parts.entries()) {
    if (n < done) continue;
    const marks = await StagedMarks.open(store, { run, stage: stages.deleted, slice: `marks-${part}` });
    if (part !== SCOPES) await deleteInUnits({ ...input, marks }, gate, groups[part] ?? []);
    else {
      if (flags.markDeletedSchemas) await deleteSchemas({ ...input, marks }, gate);
      if (flags.markDeletedDatabases) await deleteDatabases({ ...input, marks }, gate);
    }
    await store.commit(to, { n, facts: input.takeFacts(), last: n === parts.length - 1 });
    input.onProgress();
  }
}

/**
 * Units in which something may be gone, in order, and the scopes; the same for every attempt, since publishing is over. The units of one
 * schema are one part, by their group's number.
 */
async function partsToLookAt(
  { store, run, stages }: DeleteStageInput,
  groups: readonly (readonly number[])[]
): Promise<(number | typeof SCOPES)[]> {
  const wanted: (number | typeof SCOPES)[] = [];
  for (const [group, units] of groups.entries()) {
    for (const unit of units) {
      if (nothingGone(await store.manifest({ run, stage: stages.publish, slice: String(unit) }))) continue;
      wanted.push(group);
      break;
    }
  }
  const scopes = await store.manifest({ run, stage: stages.publishedScopes, slice: '0' });
  return nothingGone(scopes) ? wanted : [...wanted, SCOPES];
}

type UnitInput = DeleteStageInput & { readonly marks: StagedMarks };

/** @param units one, or all those of one schema */
async function deleteInUnits(input: UnitInput, gate: VisibilityGate, units: readonly number[]): Promise<void> {
  const { store, service } = input;
  let seen: Record<Entity, string[]> = { table: [], procedure: [] };
  let isWhole = true;
  for (const entry of await entriesOf(input, units)) {
    for (const bytes of await store.lines(entry)) {
      const { line } = readExtractLine(bytes);
      if (line.kind === 'gone') {
        await deleteNamed(input, line);
      } else if (line.kind === 'end') {
        isWhole &&= line.listing === 'whole';
        // The schema goes on in the next unit.
        if (line.until !== undefined) continue;
        if (isWhole) await deleteInSchema(input, gate, line, seen);
        seen = { table: [], procedure: [] };
        isWhole = true;
      } else {
        seen[line.kind === 'seen' ? line.entity : line.kind].push(
          entityFqn(service, line.database, line.schema, line.name)
        );
      }
    }
  }
}

async function entriesOf({ store, run, stages }: UnitInput, units: readonly number[]): Promise<ManifestEntry[]> {
  const entries: ManifestEntry[] = [];
  for (const unit of units)
    entries.push(...(await store.manifest({ run, stage: stages.extract, slice: String(unit) })));
  return entries;
}

async function deleteInSchema(
  input: UnitInput,
  gate: VisibilityGate,
  at: SchemaRef,
  seen: Record<Entity, string[]>
): Promise<void> {
  const { database, schema } = at;
  const scopeFqn = schemaFqn({ service: input.service, database, schema });
  for (const entity of ['table', 'procedure'] as const) {
    if (!isEnabled(input.flags, entity)) continue;
    await markStale({
      ...input,
      scope: { kind: KIND_OF[entity], scopeFqn, scopeType: 'databaseSchema' },
      seen: seen[entity],
      stillThere: (names) =>
        gate.ask(scopeFqn, names, (source) => source.stillThere({ database, schema }, entity, names)),
    });
  }
}

/** An incremental listing names what is gone; nothing is concluded from what it does not show. */
async function deleteNamed(
  input: DeleteStageInput,
  line: { database: string; schema: string; entity: Entity; name: string }
): Promise<void> {
  if (!isEnabled(input.flags, line.entity)) return;
  const fqn = entityFqn(input.service, line.database, line.schema, line.name);
  if (await input.catalog.markDeleted(KIND_OF[line.entity], fqn)) input.recorder.count('sink', { deleted: 1 });
}

async function deleteSchemas(input: UnitInput, gate: VisibilityGate): Promise<void> {
  let database: string | undefined;
  let seen: string[] = [];
  const flush = async (): Promise<void> => {
    if (database === undefined) return;
    const name = database;
    const scope: StaleScope = {
      kind: 'databaseSchemas',
      scopeFqn: entityFqn(input.service, name),
      scopeType: 'database',
    };
    await markStale({
      ...input,
      scope,
      seen,
      stillThere: (names) => gate.ask(scope.scopeFqn, names, (source) => source.scopesStillThere(name, names)),
    });
  };
  for await (const line of scopeLines(input)) {
    if (line.kind === 'database' || (line.kind === 'seen' && line.schema === undefined)) {
      await flush();
      // Nothing is known of the schemas below a database that was left out.
      database = line.kind === 'database' ? line.name : undefined;
      seen = [];
    } else if (line.schema !== undefined) {
      seen.push(entityFqn(input.service, line.database, line.schema));
    }
  }
  await flush();
}

async function deleteDatabases(input: UnitInput, gate: VisibilityGate): Promise<void> {
  const seen: string[] = [];
  for await (const line of scopeLines(input)) {
    if (line.kind === 'database') seen.push(entityFqn(input.service, line.name));
    else if (line.kind === 'seen' && line.schema === undefined) seen.push(entityFqn(input.service, line.database));
  }
  const scopeFqn = buildFqn(input.service);
  await markStale({
    ...input,
    scope: { kind: 'databases', scopeFqn, scopeType: 'service' },
    seen,
    stillThere: (names) => gate.ask(scopeFqn, names, (source) => source.scopesStillThere(undefined, names)),
  });
}

async function* scopeLines({
  store,
  run,
  stages,
}: DeleteStageInput): AsyncIterable<ReturnType<typeof scopeLine.parse>> {
  for (const entry of await store.manifest({ run, stage: stages.scopes, slice: '0' })) {
    for (const value of await store.read(entry)) yield scopeLine.parse(value);
  }
}

function isEnabled(flags: DeleteFlags, entity: Entity): boolean {
  return enabledKinds(flags).includes(KIND_OF[entity]);
}
