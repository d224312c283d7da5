import { setTimeout } from 'node:timers/promises';
import { requestFqn, type CreateStoredProcedureRequest, type CreateTableRequest } from '../openmetadata/index.js';
import type { PartReport } from '../report/index.js';
import type { ManifestEntry, SliceAddress, StagingStore } from '../staging/index.js';
import { putAll, type BulkOptions } from './bulk-writer.js';
import { KnownEntities } from './known-entities.js';
import { KnownTables } from './known-tables.js';
import { withForeignKeys } from './requests.js';
import {
  extractLine,
  type DeferredLine,
  type ExtractLine,
  type ProcedureLine,
  type TableLine,
} from './staged-record.js';
import { requestTags } from './tags.js';

export interface PublishUnitInput extends BulkOptions {
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

/** How often the next chunk of a unit that is still read is looked for, milliseconds: a look is one listing of a folder. */
const LOOK_MS = 40;

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
  const known: Known = { entities: new KnownEntities(input), tables: new KnownTables(input.catalog) };
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

/** Entries of the extraction from number `first` on; none when none came in time. @throws AbortError when aborted. */
async function nextChunks({ store, from, beside }: PublishUnitInput, first: number): Promise<readonly ManifestEntry[]> {
  const deadline = performance.now() + (beside?.patienceMs ?? 0);
  for (;;) {
    const chunks = await store.manifest(from, first);
    if (chunks.length > 0 || performance.now() >= deadline) return chunks;
    await setTimeout(LOOK_MS, undefined, { signal: beside?.signal });
  }
}

interface Known {
  readonly entities: KnownEntities;
  readonly tables: KnownTables;
}

async function publishChunk(
  input: PublishUnitInput,
  known: Known,
  lines: readonly ExtractLine[]
): Promise<DeferredLine[]> {
  const tables = lines.filter((line): line is TableLine => line.kind === 'table');
  const procedures = lines.filter((line): line is ProcedureLine => line.kind === 'procedure');
  for (const tag of requestTags([...tables, ...procedures].map((line) => line.request)))
    await input.catalog.ensureTag(tag);
  const deferred = await publishTables(input, known, tables);
  await publishProcedures(input, known.entities, procedures);
  return deferred;
}

async function publishProcedures(
  input: PublishUnitInput,
  known: KnownEntities,
  lines: readonly ProcedureLine[]
): Promise<void> {
  async function* changed(): AsyncGenerator<CreateStoredProcedureRequest> {
    for (const { request } of lines) {
      if (!(await known.isUnchanged('storedProcedures', request.databaseSchema, request))) yield request;
    }
  }
  await putAll(input, 'storedProcedures', changed());
}

/** Tables in waves: those without foreign keys go first, then those whose keys point at tables on the server, and make others ready. */
async function publishTables(
  input: PublishUnitInput,
  known: Known,
  lines: readonly TableLine[]
): Promise<DeferredLine[]> {
  let waiting: (TableLine & { whole: CreateTableRequest })[] = [];
  async function* changedAndFree(): AsyncGenerator<CreateTableRequest> {
    for (const line of lines) {
      // The hash costs more than anything else here: it is made once.
      const whole = withForeignKeys(line.request, line.foreignKeys);
      if (await known.entities.isUnchanged('tables', whole.databaseSchema, whole)) continue;
      if (line.foreignKeys.length === 0) yield whole;
      else waiting.push({ ...line, whole });
    }
  }
  known.tables.add(await putAll(input, 'tables', changedAndFree()));
  while (waiting.length > 0) {
    const [ready, rest] = await split(waiting, (line) => known.tables.hasAll(line.foreignKeys));
    if (ready.length === 0) break;
    known.tables.add(
      await putAll(
        input,
        'tables',
        ready.map(({ whole }) => whole)
      )
    );
    waiting = rest;
  }
  const deferred: DeferredLine[] = [];
  const requests: CreateTableRequest[] = [];
  for (const { request, foreignKeys, whole } of waiting) {
    const [now, later] = await split(foreignKeys, (key) => known.tables.hasAll([key]));
    requests.push(withForeignKeys(request, now));
    const { sourceHash } = whole;
    deferred.push({
      tableFqn: requestFqn(whole),
      foreignKeys: later,
      ...(sourceHash === undefined ? {} : { sourceHash }),
    });
  }
  const taken = await putAll(input, 'tables', requests);
  known.tables.add(taken);
  return deferred.filter((line) => taken.has(line.tableFqn));
}

async function split<T>(items: readonly T[], test: (item: T) => Promise<boolean>): Promise<[yes: T[], no: T[]]> {
  const yes: T[] = [];
  const no: T[] = [];
  for (const item of items) ((await test(item)) ? yes : no).push(item);
  return [yes, no];
}
