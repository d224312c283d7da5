import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { ColumnLineage, LineageDetails } from '../entities/index.js';
import { maybe, maybeList } from './answer-shape.js';
import { referenceSchema } from './entity-records.js';
import { uniteColumnLineage } from './lineage-union.js';
import type { PatchOperation } from './patch.js';

/** An end of an edge; `type` is the server's singular name, `table` by default. */
export interface LineageEnd {
  readonly fqn: string;
  readonly type?: string;
}

const columnLineage = z
  .object({ fromColumns: maybeList(z.string()), toColumn: maybe(z.string()), function: maybe(z.string()) })
  .transform((value): ColumnLineage => ({
    fromColumns: value.fromColumns,
    ...(value.toColumn === undefined ? {} : { toColumn: value.toColumn }),
    ...(value.function === undefined ? {} : { function: value.function }),
  }));

const details = z.object({
  sqlQuery: maybe(z.string()),
  source: maybe(z.string()),
  columnsLineage: maybeList(columnLineage),
  pipeline: maybe(referenceSchema),
  tempLineageTables: maybeList(z.object({ fromEntity: z.string(), toEntity: z.string() })),
});

/** The details stored with an edge. */
export type LineageEdgeRecord = z.infer<typeof details>;

/** Some servers return the details under `edge`; an edge that contains its details is understood too. */
export const edgeAnswer = z.object({
  edge: z.union([z.object({ lineageDetails: details }).transform((edge) => edge.lineageDetails), details]),
});

/** Stored details with the wanted ones added, or undefined when they have all of these. */
export function mergedDetails(stored: LineageEdgeRecord, wanted: LineageDetails): LineageDetails | undefined {
  const operations = mergeOperations(stored, wanted);
  if (operations.length === 0) return undefined;
  const changes = operations.map((operation) => [
    operation.path.slice(1),
    'value' in operation ? operation.value : undefined,
  ]);
  return { ...stored, ...Object.fromEntries(changes) } as LineageDetails;
}

/** The changes that add the wanted details to the stored ones: see `LineageApi.mergeEdge`. */
export function mergeOperations(stored: LineageEdgeRecord, wanted: LineageDetails): PatchOperation[] {
  const before = uniteColumnLineage(stored.columnsLineage, []);
  const after = uniteColumnLineage(stored.columnsLineage, wanted.columnsLineage ?? []);
  const tempBefore = stored.tempLineageTables;
  const isViewText =
    stored.source === 'ViewLineage' && wanted.source !== 'ViewLineage' && stored.sqlQuery !== undefined;
  const tempNew = (wanted.tempLineageTables ?? []).filter(
    (table) => !tempBefore.some((known) => isDeepStrictEqual(known, table))
  );
  return [
    ...(isDeepStrictEqual(before, after) ? [] : [set('columnsLineage', after)]),
    ...(tempNew.length === 0 ? [] : [set('tempLineageTables', [...tempBefore, ...tempNew])]),
    ...(wanted.source !== 'ViewLineage' || stored.source !== 'QueryLineage' ? [] : [set('source', wanted.source)]),
    ...(isViewText || wanted.sqlQuery === undefined || wanted.sqlQuery === stored.sqlQuery
      ? []
      : [set('sqlQuery', wanted.sqlQuery)]),
    ...(wanted.pipeline === undefined || stored.pipeline !== undefined ? [] : [set('pipeline', wanted.pipeline)]),
  ];
}

/** `add` writes a member whether or not it exists. */
function set(field: keyof LineageDetails, value: unknown): PatchOperation {
  return { op: 'add', path: `/${field}`, value };
}
