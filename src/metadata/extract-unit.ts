import { z } from 'zod';
import { IngestionError, RecordError } from '../errors/index.js';
import { entityFqn, hashedRequest } from '../openmetadata/index.js';
import type { PartRecorder } from '../report/index.js';
import type {
  MetadataOptions,
  MetadataSource,
  ReadPosition,
  Selection,
  SourceRecord,
  SourceTag,
} from '../sources/index.js';
import { listStage, type Listing, type ManifestEntry, type SliceAddress, type StageRun } from '../staging/index.js';
import type { TablePlace } from './constraints.js';
import { procedureRequest, tableRequest } from './requests.js';
import { writeExtractLine } from './extract-line.js';
import { readsAsRewritten, recordToldApart } from './name-clashes.js';
import { requestTags } from './tags.js';
import type { SchemaPart } from './units-of-scopes.js';
import { reasonText } from './reason-text.js';

/** After `read` of the unit's schema number `schema`; without `read` that schema is complete. */
export const extractPosition = z.object({
  schema: z.number().int().nonnegative(),
  read: z.object({ part: z.enum(['tables', 'procedures']), name: z.string() }).optional(),
});
type ExtractPosition = z.infer<typeof extractPosition>;

export interface ExtractUnitInput extends StageRun {
  readonly service: string;
  /** The unit's schemas, in the order of its chunk. */
  readonly schemas: readonly SchemaPart[];
  /** Opened when something is left to read. */
  readonly source: () => Promise<MetadataSource>;
  readonly selection: Selection;
  readonly options: MetadataOptions;
  readonly to: SliceAddress;
  readonly recorder: PartRecorder;
}

/**
 * Reads the schemas of a unit into its `extract` slice; the source resumes after the name that was staged last. A
 * schema that can't be listed is one failure and the next one is read; only transient errors end the attempt, to be
 * retried.
 * @returns the slice's manifest
 */
export function extractUnit(input: ExtractUnitInput): Promise<readonly ManifestEntry[]> {
  return listStage(input, {
    to: input.to,
    work: async (listing) => {
      const from = listing.after === undefined ? undefined : extractPosition.parse(listing.after);
      const source = await input.source();
      for (const [index, schema] of input.schemas.entries()) {
        if (from !== undefined && (index < from.schema || (index === from.schema && from.read === undefined))) continue;
        await extractSchema(input, { source, listing }, index, schema, index === from?.schema ? from.read : undefined);
      }
    },
  });
}

async function extractSchema(
  input: ExtractUnitInput,
  { source, listing }: { readonly source: MetadataSource; readonly listing: Listing },
  index: number,
  { database, schema, ...range }: SchemaPart,
  resumed: ReadPosition | undefined
): Promise<void> {
  const ref = { database, schema };
  const after = resumed ?? (range.after === undefined ? undefined : { part: 'tables' as const, name: range.after });
  const { selection, options, recorder } = input;
  const cursor = (read?: ReadPosition): ExtractPosition =>
    read === undefined ? { schema: index } : { schema: index, read };
  const place: TablePlace = { service: input.service, ...ref };
  let listed: 'whole' | 'changes' | 'failed' = options.changedSince === undefined ? 'whole' : 'changes';
  let fault: IngestionError | undefined;
  try {
    for await (const read of source.read(ref, selection, options, after, range.until)) {
      const record = readsAsRewritten(read.name) ? await recordToldApart(source, selection, ref, read) : read;
      const { line, count } = stagedForm(record, place);
      const full = listing.add(line, {
        cursor: cursor({ part: partOf(record), name: record.name }),
        count: () => count(recorder),
      });
      if (full !== undefined) await full;
    }
  } catch (error) {
    if (
      !(error instanceof IngestionError) ||
      error.consequence === 'transient' ||
      error.consequence === 'authentication'
    )
      throw error;
    listed = 'failed';
    fault = error;
  }
  const failed = fault;
  await listing.add(writeExtractLine({ kind: 'end', ...ref, ...range, listing: listed }), {
    cursor: cursor(),
    count: () => {
      if (failed === undefined) return;
      const scopeFqn = entityFqn(place.service, ref.database, ref.schema);
      recorder.failure('source', scopeFqn, failed.describe());
      recorder.questioned(scopeFqn);
    },
  });
}

/** A record's line, and what it adds to the report once it is written. */
interface StagedForm {
  readonly line: string;
  readonly count: (recorder: PartRecorder) => void;
}

/** A record that can't become a request (its name can't be in an FQN) is one failure; it counts as seen. */
function stagedForm(record: SourceRecord, place: TablePlace): StagedForm {
  try {
    return toForm(record, place);
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    const entity = partOf(record) === 'tables' ? 'table' : 'procedure';
    return {
      line: writeExtractLine({
        kind: 'seen',
        database: place.database,
        schema: place.schema,
        entity,
        name: record.name,
        failed: reasonText(error.describe()),
      }),
      count: (recorder) => recorder.failure('source', record.name, error.describe()),
    };
  }
}

function toForm(record: SourceRecord, place: TablePlace): StagedForm {
  const { database, schema } = place;
  const fqn = entityFqn(place.service, database, schema, record.name);
  const at = { database, schema, name: record.name };
  switch (record.kind) {
    case 'table': {
      const { request, foreignKeys, warnings } = tableRequest(record, place);
      const { json, sourceHash } = hashedRequest(request);
      const keys = foreignKeys.length === 0 ? {} : { foreignKeys };
      return {
        line: writeExtractLine(
          { kind: 'table', ...at, sourceHash, ...ownerOf(record), ...tagsOf(request), ...keys },
          json
        ),
        count: (recorder) => {
          for (const warning of [...(record.warnings ?? []), ...warnings])
            recorder.warning('source', `${fqn}: ${warning}`);
          recorder.count('source', { records: 1 });
        },
      };
    }
    case 'procedure': {
      const request = procedureRequest(record, place);
      const { json, sourceHash } = hashedRequest(request);
      return {
        line: writeExtractLine({ kind: 'procedure', ...at, sourceHash, ...ownerOf(record), ...tagsOf(request) }, json),
        count: (recorder) => recorder.count('source', { records: 1 }),
      };
    }
    case 'unselected':
      return {
        line: writeExtractLine({ kind: 'seen', ...at, entity: record.entity, filtered: record.reason }),
        count: (recorder) => recorder.count('source', { filtered: 1 }),
      };
    case 'problem':
      return {
        line: writeExtractLine({ kind: 'seen', ...at, entity: record.entity, failed: reasonText(record.message) }),
        count: (recorder) => recorder.failure('source', fqn, record.message),
      };
    case 'deleted':
      return { line: writeExtractLine({ kind: 'gone', ...at, entity: record.entity }), count: () => undefined };
  }
}

function ownerOf({ owner }: { readonly owner?: string }): { owner?: string } {
  return owner === undefined ? {} : { owner };
}

function tagsOf(request: Parameters<typeof requestTags>[0]): { tags?: SourceTag[] } {
  const tags = requestTags(request);
  return tags.length === 0 ? {} : { tags };
}

function partOf(record: SourceRecord): ReadPosition['part'] {
  const entity = record.kind === 'table' || record.kind === 'procedure' ? record.kind : record.entity;
  return entity === 'table' ? 'tables' : 'procedures';
}
