import { entityFqn } from '../openmetadata/index.js';
import { NO_PART, PartRecorder, countsOf, mergeParts, type Failure, type PartReport } from '../report/index.js';
import type {
  Doubt,
  MetadataOptions,
  MetadataSource,
  SchemaRef,
  ScopeRights,
  Selection,
  SourceScope,
} from '../sources/index.js';
import type { SliceAddress, StagingStore } from '../staging/index.js';
import type { DeleteFlags } from './delete-flags.js';
import { deleteStage } from './delete-stage.js';
import { extractUnit } from './extract-unit.js';
import { listScopes } from './list-scopes.js';
import { FirstOf, type LeftOut, type PlannedChanges } from './planned-changes.js';
import { PlanningCatalog, type PlanReads } from './planning-catalog.js';
import { publishScopes } from './publish-scopes.js';
import { publishUnit } from './publish-unit.js';
import type { Standing } from './standing-fact.js';
import { unitCount, unitSchemas } from './units-of-scopes.js';
import { STAGES } from '../contract/stage-names.js';

export interface PlanInput {
  readonly service: string;
  readonly serviceExists: boolean;
  readonly source: MetadataSource;
  readonly selection: Selection;
  readonly options: MetadataOptions;
  readonly catalog: PlanReads;
  readonly overrideMetadata: boolean;
  readonly deleteFlags: DeleteFlags;
  readonly maxDeletedPercent: number | undefined;
  /** What an earlier run of the recipe's pipeline left for this one. */
  readonly earlier: Standing | undefined;
  readonly remembers: boolean;
  /** Takes what is read; to be thrown away afterwards. */
  readonly store: StagingStore;
  /** How many names of each list are kept; all are counted. */
  readonly limit: number;
  /** Called after each unit. */
  readonly onUnit?: (done: number, units: number) => void;
}

const RUN = 'plan';
/** The plan's catalog answers from memory: larger batches would only take more of it. */
const BULK = { batchSize: 100, workers: 1 } as const;

/**
 * Runs a metadata run's own stages without writing anything: what would be created, updated, marked deleted, left out.
 */
export async function planChanges(input: PlanInput): Promise<PlannedChanges> {
  const { service, store, selection, options, limit, overrideMetadata, deleteFlags, serviceExists } = input;
  const leftOut = new FirstOf<LeftOut>(limit);
  const source = new ObservedSource(input.source, service, leftOut);
  const catalog = new PlanningCatalog(input.catalog, { serviceExists, overrideMetadata, limit });
  const failures = new FirstOf<Failure>(limit);
  const recorder = new PartRecorder((level, error, entity) => {
    if (level === 'error') failures.add({ entity: entity ?? '', error });
  });
  let part: PartReport = NO_PART;
  // the counts stay with the plan: the store is thrown away
  const takeFacts = (): PartReport => {
    const taken = recorder.take();
    part = mergeParts(part, taken);
    return taken;
  };
  const visibility = await source.visibility();

  const run = { store, recorder, takeFacts, onCommit: () => undefined };
  const scopes = slice(STAGES.scopes);
  await listScopes({
    ...run,
    service,
    source: async () => source,
    selection,
    options,
    to: scopes,
  });
  const shared = { ...BULK, ...run, service, catalog, overrideMetadata, deleteFlags };
  await publishScopes({ ...shared, from: scopes, to: slice(STAGES.publishedScopes) });

  const units = unitCount(await store.manifest(scopes));
  for (let unit = 0; unit < units; unit += 1) {
    const from = slice(STAGES.extract, unit);
    await extractUnit({
      ...run,
      service,
      schemas: await unitSchemas(store, scopes, unit),
      source: async () => source,
      selection,
      options,
      to: from,
    });
    await publishUnit({ ...shared, from, to: slice(STAGES.publish, unit) });
    input.onUnit?.(unit + 1, units);
  }
  await deleteStage({
    ...run,
    ...{ service, catalog, visibility },
    run: RUN,
    stages: STAGES,
    flags: deleteFlags,
    maxDeletedPercent: input.maxDeletedPercent,
    earlier: input.earlier,
    remembers: input.remembers,
    startedAt: Date.now(),
    source: async () => source,
  });
  return {
    service,
    serviceExists,
    changes: catalog.changes,
    unchanged: countsOf(part, 'sink').unchanged,
    leftOut,
    failures,
    notes: part.notes,
  };
}

function slice(stage: string, unit = 0): SliceAddress {
  return { run: RUN, stage, slice: String(unit) };
}

/** Notes what the source says is left out, which the stages only count. */
class ObservedSource implements MetadataSource {
  constructor(
    private readonly inner: MetadataSource,
    private readonly service: string,
    private readonly leftOut: FirstOf<LeftOut>
  ) {}

  async *scopes(...args: Parameters<MetadataSource['scopes']>): AsyncIterable<SourceScope> {
    for await (const scope of this.inner.scopes(...args)) {
      if (scope.kind === 'unselected') {
        const { entity, database, schema, reason } = scope;
        this.#note(entity, reason, schema === undefined ? [database] : [database, schema]);
      }
      yield scope;
    }
  }

  async *read(ref: SchemaRef, ...rest: ReadRest): ReturnType<MetadataSource['read']> {
    for await (const record of this.inner.read(ref, ...rest)) {
      if (record.kind === 'unselected')
        this.#note(record.entity, record.reason, [ref.database, ref.schema, record.name]);
      yield record;
    }
  }

  cuts(ref: SchemaRef, size: number): Promise<readonly string[]> {
    return this.inner.cuts?.(ref, size) ?? Promise.resolve([]);
  }

  stillThere(...args: Parameters<MetadataSource['stillThere']>): Promise<readonly string[]> {
    return this.inner.stillThere(...args);
  }

  scopesStillThere(...args: Parameters<MetadataSource['scopesStillThere']>): Promise<readonly string[]> {
    return this.inner.scopesStillThere(...args);
  }

  visibility(): Promise<string> {
    return this.inner.visibility();
  }

  async doubts(...args: Parameters<NonNullable<MetadataSource['doubts']>>): Promise<readonly Doubt[]> {
    return (await this.inner.doubts?.(...args)) ?? [];
  }

  async rights(): Promise<readonly ScopeRights[] | undefined> {
    return this.inner.rights?.();
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  #note(entity: LeftOut['entity'], reason: string, names: readonly [string, ...string[]]): void {
    this.leftOut.add({ entity, fqn: entityFqn(this.service, ...names), reason });
  }
}

type ReadRest = Parameters<MetadataSource['read']> extends [SchemaRef, ...infer Rest] ? Rest : never;
