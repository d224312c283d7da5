import { z } from 'zod';
import { unknownTally } from './unknown-tables.js';

/** Lines of the lineage workflow's staged chunks. */

/** `views` slice: a view-like table of the catalog with its SQL. */
export const viewLine = z.object({
  id: z.string(),
  fqn: z.string(),
  definition: z.string(),
});
export type ViewLine = z.infer<typeof viewLine>;

/** The type of entity at which an edge begins or ends; a table by default. */
const endType = z.literal('container').optional();

/** An end of an edge: an entity of the catalog, or the name of a table that isn't in it. */
const end = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('entity'), fqn: z.string(), id: z.string(), type: endType }),
  z.object({
    kind: z.literal('unknown'),
    name: z.string(),
    /** A name that differs by case is another table's. */
    exact: z.exactOptional(z.literal(true)),
  }),
]);
export type EdgeEnd = z.infer<typeof end>;

/** Column names at the two ends. */
export type ColumnLink = readonly [from: string, to: string];

/** OpenMetadata's lineage sources, strongest first: an edge with two of them keeps the first. */
export const EDGE_SOURCES = ['ViewLineage', 'QueryLineage', 'CrossDatabaseLineage'] as const;
const source = z.enum(EDGE_SOURCES);

const queryLine = z.object({
  kind: z.literal('query'),
  /** Masked; the server keeps one entity per statement. */
  text: z.string(),
  /** Ids of the tables it names. */
  tables: z.array(z.string()),
  queryType: z.string().optional(),
  durationMs: z.number().optional(),
  startedAt: z.number().optional(),
});
export type QueryLine = z.infer<typeof queryLine>;

/**
 * `parsed` slices: an edge between two ends, a statement to be stored, a view that was fully understood, or one that
 * wasn't.
 */
export const parsedLine = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('edge'),
    from: end,
    to: end,
    /** Column FQNs if the end is an entity; if it is unknown, what its columns are compared by, ignoring case. */
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

/** What a parsed chunk says about its statements; kept in its manifest entry. */
export const chunkTally = unknownTally.extend({
  /** Statements and edges of the log, or views. */
  read: z.number(),
  /** Of these, statements that write nothing from anywhere. */
  plain: z.number(),
  /** Loads from locations that aren't in any container of the catalog, the first few as `location into table`. */
  loads: z.object({ count: z.number(), named: z.array(z.string()) }).optional(),
  /** Statements of which a part wasn't understood, the most frequent ones masked and shortened. */
  doubted: z.object({ count: z.number(), texts: z.record(z.string(), z.number()) }).optional(),
  /** Of the plain ones, statements that write a table from others and still gave no edge. */
  fruitless: z.number().optional(),
});
export type ChunkTally = z.infer<typeof chunkTally>;

/** `merged` slice: one line per edge of the whole run, and one per statement. */
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
    /** The steps of a way through tables that the catalog doesn't know. */
    steps: z.array(z.tuple([z.string(), z.string()])).optional(),
  }),
  queryLine,
]);
export type MergedLine = z.infer<typeof mergedLine>;
export type MergedEdge = Extract<MergedLine, { kind: 'edge' }>;

/** `published-edges` slice: an edge that the catalog refused, or whose tables are gone; the others leave no line. */
export const unpublishedEdge = z.object({ from: z.string(), to: z.string(), reason: z.exactOptional(z.string()) });
export type UnpublishedEdge = z.infer<typeof unpublishedEdge>;
