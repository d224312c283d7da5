import { setTimeout } from 'node:timers/promises';
import { quoteName, type CreateTableRequest } from '../openmetadata/index.js';
import type { PartReport } from '../report/index.js';
import type { ManifestEntry, SliceAddress, StagingStore } from '../staging/index.js';
import { putAll, type BulkItem, type BulkOptions } from './bulk-writer.js';
import type { ExistingEntity } from './catalog.js';
import type { ForeignKeyConstraint, TablePlace } from './constraints.js';
import { schemaFqn, withForeignKeys } from './requests.js';
import {
  extractLine,
  type DeferredLine,
  type ExtractLine,
  type ProcedureLine,
  type TableLine,
} from './staged-record.js';
import { requestTags } from './tags.js';

export interface PublishUnitInput extends BulkOptions {
  readonly service: string;
  readonly store: StagingStore;
  /** The unit's extracted slice, and the one that says what of it is published. */
  readonly from: SliceAddress;
  readonly to: SliceAddress;
  /** True: send everything, so that what users typed is overwritten. */
  readonly overrideMetadata: boolean;
  readonly takeFacts: () => PartReport;
  readonly onCommit: (entry: ManifestEntry) => void;
  /** Given when the extraction may still run: how long to wait for its next chunk, milliseconds. */
  readonly beside?: { readonly patienceMs: number; readonly signal: AbortSignal };
}

/** Looks for the next chunk of a unit that is still read: at first as often as this, then ever less. Milliseconds. */
const FIRST_LOOK_MS = 20;
const LONGEST_LOOK_MS = 500;

/**
 * Publishes a unit's extracted chunks, one manifest entry a chunk: a retry goes on behind the last published one. It may run beside the
 * extraction and then waits for its chunks, with some patience for each.
 * Entities whose sourceHash the catalog already has are not sent. Foreign keys whose table is not there yet are staged for later.
 * @returns whether all of the unit is published; false when the extraction kept it waiting
 */
export async function publishUnit(input: PublishUnitInput): Promise<boolean> {
  const { store, to } = input;
  const published = await store.manifest(to);
  if (published.at(-1)?.last === true) return true;
  const known = new KnownEntities(input);
  let n = published.length;
  for (;;) {
    const chunks = await nextChunks(input, n);
    if (chunks.length === 0) return false;
    for (const chunk of chunks) {
      const lines = Array.from(await store.read(chunk), (line) => extractLine.parse(line));
      const deferred = await publishChunk(input, known, lines);
      const entry = await store.commit(to, {
        n,
        ...(deferred.length === 0 ? {} : { lines: deferred.map((line) => JSON.stringify(line)) }),
        facts: input.takeFacts(),
        last: chunk.last,
      });
      input.onCommit(entry);
      if (chunk.last) return true;
      n += 1;
    }
  }
}

/** Entries of the extraction from number `first` on; none when none came in time. @throws the signal's reason when aborted. */
async function nextChunks({ store, from, beside }: PublishUnitInput, first: number): Promise<readonly ManifestEntry[]> {
  const deadline = performance.now() + (beside?.patienceMs ?? 0);
  for (let pause = FIRST_LOOK_MS; ; pause = Math.min(LONGEST_LOOK_MS, pause * 1.5)) {
    const chunks = await store.manifest(from, first);
    if (chunks.length > 0 || performance.now() >= deadline) return chunks;
    await setTimeout(pause, undefined, { signal: beside?.signal });
  }
}

async function publishChunk(
  input: PublishUnitInput,
  known: KnownEntities,
  lines: readonly ExtractLine[]
): Promise<DeferredLine[]> {
  const tables = lines.filter((line): line is TableLine => line.kind === 'table');
  const procedures = lines.filter((line): line is ProcedureLine => line.kind === 'procedure');
  for (const tag of requestTags([...tables, ...procedures].map((line) => line.request)))
    await input.catalog.ensureTag(tag);
  const deferred = await publishTables(input, known, tables);
  await publishProcedures(input, known, procedures);
  return deferred;
}

async function publishProcedures(
  input: PublishUnitInput,
  known: KnownEntities,
  lines: readonly ProcedureLine[]
): Promise<void> {
  const items: BulkItem<'storedProcedures'>[] = [];
  for (const line of lines) {
    const fqn = fqnOf(line.request);
    const existing = await known.find('storedProcedures', place(input.service, line), line.request.name);
    if (!input.overrideMetadata && existing?.sourceHash === line.request.sourceHash)
      input.recorder.count('sink', { unchanged: 1 });
    else items.push({ fqn, request: line.request });
  }
  await putAll(input, 'storedProcedures', items);
}

/** Tables in waves: those whose foreign keys point at tables on the server go first, and make others ready. */
async function publishTables(
  input: PublishUnitInput,
  known: KnownEntities,
  lines: readonly TableLine[]
): Promise<DeferredLine[]> {
  let waiting: (TableLine & { fqn: string; whole: CreateTableRequest })[] = [];
  for (const line of lines) {
    const fqn = fqnOf(line.request);
    const existing = await known.find('tables', place(input.service, line), line.request.name);
    // The hash costs more than anything else here: it is made once.
    const whole = withForeignKeys(line.request, line.foreignKeys);
    if (!input.overrideMetadata && existing !== undefined && existing.sourceHash === whole.sourceHash) {
      input.recorder.count('sink', { unchanged: 1 });
    } else {
      waiting.push({ ...line, fqn, whole });
    }
  }
  while (waiting.length > 0) {
    const [ready, rest] = await split(waiting, (line) => known.hasAll(line.foreignKeys));
    if (ready.length === 0) break;
    known.add(
      await putAll(
        input,
        'tables',
        ready.map(({ fqn, whole }) => ({ fqn, request: whole }))
      )
    );
    waiting = rest;
  }
  const deferred: DeferredLine[] = [];
  const items: BulkItem<'tables'>[] = [];
  for (const { fqn, request, foreignKeys, whole } of waiting) {
    const [now, later] = await split(foreignKeys, (key) => known.hasAll([key]));
    items.push({ fqn, request: withForeignKeys(request, now) });
    const { sourceHash } = whole;
    deferred.push({ tableFqn: fqn, foreignKeys: later, ...(sourceHash === undefined ? {} : { sourceHash }) });
  }
  const taken = await putAll(input, 'tables', items);
  known.add(taken);
  return deferred.filter((line) => taken.has(line.tableFqn));
}

async function split<T>(items: readonly T[], test: (item: T) => Promise<boolean>): Promise<[yes: T[], no: T[]]> {
  const yes: T[] = [];
  const no: T[] = [];
  for (const item of items) ((await test(item)) ? yes : no).push(item);
  return [yes, no];
}

/** What the catalog already holds, of one schema at a time, and which referred tables are there. */
class KnownEntities {
  #schema = '';
  #entities = new Map<string, ExistingEntity>();
  readonly #tables = new Map<string, boolean>();

  constructor(private readonly input: PublishUnitInput) {}

  async find(kind: 'tables' | 'storedProcedures', at: TablePlace, name: string): Promise<ExistingEntity | undefined> {
    const schema = schemaFqn(at);
    const key = `${kind} ${schema}`;
    if (this.#schema !== key) {
      this.#schema = key;
      this.#entities = new Map();
      for await (const entity of this.input.catalog.existing(kind, schema)) this.#entities.set(entity.name, entity);
    }
    return this.#entities.get(name);
  }

  async hasAll(keys: readonly ForeignKeyConstraint[]): Promise<boolean> {
    for (const { referredTable } of keys) {
      const known = this.#tables.get(referredTable) ?? (await this.input.catalog.hasTable(referredTable));
      this.#remember(referredTable, known);
      if (!known) return false;
    }
    return true;
  }

  /** Only these need an answer: tables that nothing refers to are looked up again should it come to that. */
  add(fqns: ReadonlySet<string>): void {
    for (const fqn of fqns) if (this.#tables.has(fqn)) this.#tables.set(fqn, true);
  }

  #remember(fqn: string, known: boolean): void {
    if (this.#tables.size >= REMEMBERED_TABLES) this.#tables.clear();
    this.#tables.set(fqn, known);
  }
}

/** Referred tables remembered at once, some 200 bytes each. */
const REMEMBERED_TABLES = 20_000;

function place(service: string, line: { database: string; schema: string }): TablePlace {
  return { service, database: line.database, schema: line.schema };
}

function fqnOf(request: { databaseSchema: string; name: string }): string {
  return `${request.databaseSchema}.${quoteName(request.name)}`;
}
