import {
  entityFqn,
  rewriteName,
  type CreateStoredProcedureRequest,
  type CreateTableRequest,
  type PreparedRequest,
} from '../openmetadata/index.js';
import type { SchemaRef, SourceTag } from '../sources/index.js';
import {
  growingSlice,
  toLines,
  transformStage,
  type Patience,
  type SliceAddress,
  type StageRun,
} from '../staging/index.js';
import { putAll, type BulkOptions } from './bulk-writer.js';
import { enabledKinds, KIND_OF, type DeleteFlags } from './delete-flags.js';
import { readExtractLine, type ExtractLine, type ExtractRecord } from './extract-line.js';
import { KnownEntities } from './known-entities.js';
import { KnownTables } from './known-tables.js';
import { Owners } from './owners.js';
import { PublishOutcomes } from './publish-outcomes.js';
import { publishTables, type TableToPublish } from './publish-tables.js';
import { schemaFqn } from './requests.js';
import type { DeferredLine, PublishPosition } from './staged-record.js';
import { waitingHash } from './waiting-hash.js';

export interface PublishUnitInput extends BulkOptions, StageRun {
  readonly service: string;
  /** The unit's extracted slice. */
  readonly from: SliceAddress;
  /** Given when the extraction may still run: how long to wait for each of its chunks. */
  readonly beside?: Patience;
  /** The slice that records which of the unit is published. */
  readonly to: SliceAddress;
  /** The unit's first schema, if known: the catalog is asked what it has there while the first chunk is waited for. */
  readonly firstSchema?: SchemaRef | undefined;
  /** True: send everything, so that users' edits are overwritten. */
  readonly overrideMetadata: boolean;
  /** What may be marked deleted later: only for these is it found out whether anything will be. */
  readonly deleteFlags: DeleteFlags;
}

/**
 * Publishes a unit's extracted chunks. It may run alongside the extraction and then waits for its chunks, for a limited
 * time each. Entities whose sourceHash the catalog already has aren't sent. Foreign keys whose table doesn't exist yet
 * are staged for later.
 * @returns whether all of the unit is published; false when the extraction kept it waiting
 */
export async function publishUnit(input: PublishUnitInput): Promise<boolean> {
  const { store, from, to, beside } = input;
  const known = new KnownEntities(input);
  if ((await store.entry(to, 0)) === undefined) lookAhead(input, known);
  const tables = new KnownTables(input.catalog);
  return transformStage(input, {
    from: growingSlice(store, from, beside),
    to,
    parse: readExtractLine,
    work: async ({ records }) => {
      const outcomes = new PublishOutcomes();
      const { mayDelete, ...changed } = await sortOut(input, known, records, outcomes);
      const bulk = { ...input, onRefused: (fqn: string) => outcomes.refused(fqn) };
      const lines = toLines(await send(bulk, tables, changed));
      return { lines, position: { mayDelete, outcomes: outcomes.runs() } satisfies PublishPosition };
    },
  });
}

function lookAhead({ service, firstSchema, deleteFlags }: PublishUnitInput, known: KnownEntities): void {
  if (firstSchema === undefined) return;
  const kinds = new Set([KIND_OF.table, ...enabledKinds(deleteFlags)]);
  for (const kind of kinds) known.lookAhead(kind, schemaFqn({ service, ...firstSchema }));
}

/** What has to be sent from a chunk. */
interface Changed {
  readonly tables: TableToPublish[];
  /** Keys that an earlier run could not add to a table that is unchanged since. */
  readonly waiting: DeferredLine[];
  readonly procedures: PreparedRequest[];
  readonly tags: SourceTag[];
}

/**
 * Separates what has to be sent from what the catalog has already. Listing the catalog for this also tells whether it
 * has anything the source didn't show in the schemas that end in this chunk, so that most schemas need no request of
 * their own for deletions.
 */
async function sortOut(
  { service, deleteFlags, recorder, catalog }: PublishUnitInput,
  known: KnownEntities,
  records: readonly ExtractRecord[],
  outcomes: PublishOutcomes
): Promise<Changed & { readonly mayDelete: boolean }> {
  const changed: Changed = { tables: [], waiting: [], procedures: [], tags: [] };
  const mayBeGone = enabledKinds(deleteFlags);
  let mayDelete = false;
  const parent = parentOf(service);
  const owners = new Owners(catalog, recorder);
  for (const { line, request: json } of records) {
    if (line.kind === 'gone') {
      outcomes.add('none');
      mayDelete = true;
    } else if (line.kind === 'end') {
      outcomes.add('none');
      if (line.listing !== 'whole') continue;
      for (const kind of mayBeGone) {
        // procedures come with the last range
        if (kind === KIND_OF.procedure && line.until !== undefined) continue;
        const range = kind === KIND_OF.table ? line : {};
        mayDelete ||= !(await known.members(kind, parent(line))).allSeen(range);
      }
    } else if (line.kind === 'seen') {
      outcomes.add('none');
      const kind = KIND_OF[line.entity];
      if (mayBeGone.includes(kind)) (await known.members(kind, parent(line))).see(rewriteName(line.name));
    } else {
      const kind = KIND_OF[line.kind];
      // no wait when it is known: there are hundreds of these per chunk
      const members = known.below(kind, parent(line)) ?? (await known.members(kind, parent(line)));
      const name = rewriteName(line.name);
      members.see(name);
      const owned = line.owner === undefined ? undefined : await owners.owned(readRequest(json), line.owner);
      const sourceHash = owned?.sourceHash ?? line.sourceHash;
      const fqn = entityFqn(service, line.database, line.schema, line.name);
      const foreignKeys = (line.kind === 'table' ? line.foreignKeys : undefined) ?? [];
      const waits = foreignKeys.length > 0 && members.isUnchanged(name, waitingHash(sourceHash));
      if (waits) changed.waiting.push({ tableFqn: fqn, foreignKeys, sourceHash });
      if (waits || members.isUnchanged(name, sourceHash)) {
        recorder.count('sink', { unchanged: 1 });
        outcomes.add('unchanged');
        continue;
      }
      const request = {
        fqn,
        json: owned === undefined ? json : Buffer.from(owned.json),
      };
      outcomes.sent(request.fqn);
      changed.tags.push(...(line.tags ?? []));
      if (line.kind === 'procedure') changed.procedures.push(request);
      else changed.tables.push({ request, sourceHash, foreignKeys });
    }
  }
  return { ...changed, mayDelete };
}

/** The text is this program's own, staged by the extraction. */
function readRequest(json: Buffer): CreateTableRequest | CreateStoredProcedureRequest {
  return JSON.parse(json.toString()) as CreateTableRequest | CreateStoredProcedureRequest;
}

/** FQN of a line's schema; a schema's lines are consecutive. */
function parentOf(service: string): (line: ExtractLine) => string {
  let last: { database: string; schema: string; fqn: string } | undefined;
  return ({ database, schema }) => {
    if (last?.database !== database || last.schema !== schema)
      last = { database, schema, fqn: schemaFqn({ service, database, schema }) };
    return last.fqn;
  };
}

async function send(
  input: PublishUnitInput,
  known: KnownTables,
  { tables, waiting, procedures, tags }: Changed
): Promise<DeferredLine[]> {
  for (const tag of tags) await input.catalog.ensureTag(tag);
  const deferred = await publishTables(input, known, tables);
  await putAll(input, 'storedProcedures', procedures);
  return [...waiting, ...deferred];
}
