import { z } from 'zod';
import type {
  CreateDatabaseRequest,
  CreateDatabaseSchemaRequest,
  CreateStoredProcedureRequest,
  CreateTableRequest,
} from '../openmetadata/index.js';
import type { ForeignKeyConstraint } from './constraints.js';

/**
 * Lines of staged chunks. The bytes are this program's own (their sha256 is in the manifest), so a line's envelope is checked and its
 * request is taken as it is.
 */
const whole = <T>(): z.ZodType<T> => z.custom<T>((value) => typeof value === 'object' && value !== null);

const schemaRef = z.object({ database: z.string(), schema: z.string() });

/** Lines of the `scopes` stage. */
export const scopeLine = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('database'), name: z.string(), request: whole<CreateDatabaseRequest>() }),
  z.object({ kind: z.literal('schema'), ...schemaRef.shape, request: whole<CreateDatabaseSchemaRequest>() }),
  /** Left out by the recipe or not listable: it counts as seen, and nothing is read below it. */
  z.object({ kind: z.literal('seen'), database: z.string(), schema: z.string().optional() }),
]);
export type ScopeLine = z.infer<typeof scopeLine>;

/** Lines of the `extract` stage; `name` is the source's own. */
export const extractLine = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('table'),
    ...schemaRef.shape,
    name: z.string(),
    request: whole<CreateTableRequest>(),
    foreignKeys: z.array(whole<ForeignKeyConstraint>()),
  }),
  z.object({
    kind: z.literal('procedure'),
    ...schemaRef.shape,
    name: z.string(),
    request: whole<CreateStoredProcedureRequest>(),
  }),
  z.object({ kind: z.literal('seen'), ...schemaRef.shape, entity: z.enum(['table', 'procedure']), name: z.string() }),
  z.object({ kind: z.literal('gone'), ...schemaRef.shape, entity: z.enum(['table', 'procedure']), name: z.string() }),
  /** Ends a schema: whether its listing was whole. Only a whole one may cause deletions. */
  z.object({ kind: z.literal('end'), ...schemaRef.shape, listing: z.enum(['whole', 'changes', 'failed']) }),
]);
export type ExtractLine = z.infer<typeof extractLine>;
export type TableLine = Extract<ExtractLine, { kind: 'table' }>;
export type ProcedureLine = Extract<ExtractLine, { kind: 'procedure' }>;

/** Lines of the `publish` stage: foreign keys to add once every table is there. */
export const deferredLine = z.object({
  tableFqn: z.string(),
  foreignKeys: z.array(whole<ForeignKeyConstraint>()),
  /** Of the request with all of its foreign keys. */
  sourceHash: z.string().optional(),
});
export type DeferredLine = z.infer<typeof deferredLine>;
