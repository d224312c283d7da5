import { z } from 'zod';

/** Lines of the lineage workflow's staged chunks. */

/** `views` slice: a view-like table of the catalog with its text. */
export const viewLine = z.object({
  id: z.string(),
  fqn: z.string(),
  definition: z.string(),
});
export type ViewLine = z.infer<typeof viewLine>;

/** What an entity is that an edge begins or ends at; a table where nothing is said. */
const endType = z.literal('container').optional();

/** An end of an edge: an entity of the catalog, or a table it does not know, by name. */
const end = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('entity'), fqn: z.string(), id: z.string(), type: endType }),
  z.object({ kind: z.literal('unknown'), name: z.string() }),
]);
export type EdgeEnd = z.infer<typeof end>;

/** Column names of the two ends. */
export type ColumnLink = readonly [from: string, to: string];

/** Values of OpenMetadata's lineage source, the strongest first: an edge that is both keeps the first. */
export const EDGE_SOURCES = ['ViewLineage', 'QueryLineage', 'CrossDatabaseLineage'] as const;
const source = z.enum(EDGE_SOURCES);

const queryLine = z.object({
  kind: z.literal('query'),
  /** Masked; the server keeps one entity a text. */
  text: z.string(),
  /** Ids of the tables it names. */
  tables: z.array(z.string()),
  queryType: z.string().optional(),
  durationMs: z.number().optional(),
  startedAt: z.number().optional(),
});
export type QueryLine = z.infer<typeof queryLine>;

/**
 * `parsed` slices: an edge between two ends, a text to be stored, a view that was understood whole, or one that was
 * not.
 */
export const parsedLine = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('edge'),
    from: end,
    to: end,
    /** Column FQNs where the end is an entity, names where it is unknown. */
    columns: z.array(z.tuple([z.string(), z.string()])),
    source,
    /** Masked. */
    sql: z.string().optional(),
    startedAt: z.number().optional(),
    procedureFqn: z.string().optional(),
  }),
  queryLine,
  z.object({ kind: z.literal('view'), id: z.string(), fqn: z.string() }),
  /** A view whose edges are missing or may be incomplete, and why. */
  z.object({ kind: z.literal('doubt'), fqn: z.string(), reason: z.string() }),
]);
export type ParsedLine = z.infer<typeof parsedLine>;
export type EdgeLine = Extract<ParsedLine, { kind: 'edge' }>;

/** What a parsed chunk tells of its texts; stands in its manifest entry. */
export const chunkTally = z.object({
  /** Texts and edges of the log, or views. */
  read: z.number(),
  /** Of these, texts that write nothing from anywhere. */
  plain: z.number(),
  /** Tables that the catalog does not know, with the texts that name them; the most frequent ones of the chunk. */
  unknown: z.record(z.string(), z.number()),
  /** Loads from locations that no container of the catalog holds, the first of them by `location into table`. */
  loads: z.object({ count: z.number(), named: z.array(z.string()) }).optional(),
  /** Texts of which a part was not understood, the most frequent ones masked and cut short. */
  doubted: z.object({ count: z.number(), texts: z.record(z.string(), z.number()) }).optional(),
  /** Of the plain ones, texts that write a table from others and still gave no edge. */
  fruitless: z.number().optional(),
});
export type ChunkTally = z.infer<typeof chunkTally>;

/** `merged` slice: one line an edge of the whole run, and one a text. */
export const mergedLine = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('edge'),
    from: z.string(),
    fromType: endType,
    to: z.string(),
    columns: z.array(z.object({ fromColumns: z.array(z.string()), toColumn: z.string() })),
    source,
    sql: z.string().optional(),
    procedureFqn: z.string().optional(),
    /** The steps of a way through tables that the catalog does not know. */
    steps: z.array(z.tuple([z.string(), z.string()])).optional(),
  }),
  queryLine,
]);
export type MergedLine = z.infer<typeof mergedLine>;
export type MergedEdge = Extract<MergedLine, { kind: 'edge' }>;

/** `published-edges` slice: an edge that the catalog refused, or whose tables are gone; the others leave no line. */
export const unpublishedEdge = z.object({ from: z.string(), to: z.string(), reason: z.exactOptional(z.string()) });
export type UnpublishedEdge = z.infer<typeof unpublishedEdge>;
