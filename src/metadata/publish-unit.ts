import { setTimeout } from 'node:timers/promises';
import { entityFqn, rewriteName, type PreparedRequest } from '../openmetadata/index.js';
import type { PartReport } from '../report/index.js';
import type { SourceTag } from '../sources/index.js';
import type { ManifestEntry, SliceAddress, StagingStore } from '../staging/index.js';
import { putAll, type BulkOptions } from './bulk-writer.js';
import { enabledKinds, KIND_OF, type DeleteFlags } from './delete-flags.js';
import { readExtractLine, type ExtractLine, type ExtractRecord } from './extract-line.js';
import { KnownEntities } from './known-entities.js';
import { KnownTables } from './known-tables.js';
import { publishTables, type TableToPublish } from './publish-tables.js';
import { schemaFqn } from './requests.js';
import type { DeferredLine } from './staged-record.js';

export interface PublishUnitInput extends BulkOptions {
  readonly service: string;
  readonly store: StagingStore;
  /** The unit's extracted slice, and the one that says what of it is published. */
  readonly from: SliceAddress;
  readonly to: SliceAddress;
  /** True: send everything, so that what users typed is overwritten. */
  readonly overrideMetadata: boolean;
  /** What may be marked deleted later: of that alone it is found out whether anything is to be. */
  readonly deleteFlags: DeleteFlags;
  readonly takeFacts: () => PartReport;
  readonly onCommit: (entry: ManifestEntry) => void;
  /** Given when the extraction may still run: how long to wait for its next chunk, milliseconds. */
  readonly beside?: { readonly patienceMs: number; readonly signal: AbortSignal };
}

/** How often the next chunk of a unit that is still read is looked for, milliseconds: a look is one listing of a folder. */
const LOOK_MS = 15;

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
      const records = Array.from(await store.lines(chunk), readExtractLine);
      const mayDelete = await lookForGone(input, known.entities, records);
      const deferred = await publishChunk(input, known, records);
      const entry = await store.commit(to, {
        n,
        ...(deferred.length === 0 ? {} : { lines: deferred.map((line) => JSON.stringify(line)) }),
        position: { mayDelete },
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

/**
 * Whether the catalog holds anything below the schemas that end in this chunk which the source did not show: what is listed of the
 * catalog to see what changed tells that as well, so that most schemas need no question of their own when deletions are due.
 */
async function lookForGone(
  { service, deleteFlags }: PublishUnitInput,
  known: KnownEntities,
  records: readonly ExtractRecord[]
): Promise<boolean> {
  const kinds = enabledKinds(deleteFlags);
  let found = false;
  for (const { line } of records) {
    const parent = schemaFqn({ service, ...line });
    if (line.kind === 'gone') found = true;
    else if (line.kind !== 'end') {
      const kind = KIND_OF[line.kind === 'seen' ? line.entity : line.kind];
      if (kinds.includes(kind)) await known.see(kind, parent, rewriteName(line.name));
    } else if (line.listing === 'whole') {
      for (const kind of kinds) found ||= !(await known.hasSeenAll(kind, parent));
    }
  }
  return found;
}

async function publishChunk(
  input: PublishUnitInput,
  known: Known,
  records: readonly ExtractRecord[]
): Promise<DeferredLine[]> {
  const tables: TableToPublish[] = [];
  const procedures: PreparedRequest[] = [];
  const tags: SourceTag[] = [];
  for (const { line, request: json } of records) {
    if (line.kind !== 'table' && line.kind !== 'procedure') continue;
    if (await isUnchanged(input, known.entities, line)) continue;
    const request = { fqn: entityFqn(input.service, line.database, line.schema, line.name), json };
    tags.push(...(line.tags ?? []));
    if (line.kind === 'procedure') procedures.push(request);
    else tables.push({ request, sourceHash: line.sourceHash, foreignKeys: line.foreignKeys ?? [] });
  }
  for (const tag of tags) await input.catalog.ensureTag(tag);
  const deferred = await publishTables(input, known.tables, tables);
  await putAll(input, 'storedProcedures', procedures);
  return deferred;
}

function isUnchanged(
  { service }: PublishUnitInput,
  known: KnownEntities,
  line: ExtractLine & { kind: 'table' | 'procedure' }
): Promise<boolean> {
  const stored = { name: rewriteName(line.name), sourceHash: line.sourceHash };
  return known.isUnchanged(KIND_OF[line.kind], schemaFqn({ service, ...line }), stored);
}
