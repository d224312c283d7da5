import { z } from 'zod';
import type { SourceTag } from '../sources/index.js';
import type { ForeignKeyConstraint } from './constraints.js';
import { leftOut, schemaRef, whole } from './staged-record.js';

/** About a table or procedure: all that the run itself has to know. `name` is the source's own. */
const recordLine = {
  ...schemaRef.shape,
  name: z.string(),
  /** Of the request. */
  sourceHash: z.string(),
  /** As the source names it. */
  owner: z.string().optional(),
  /** On the entity and its columns: tags that must exist before it. */
  tags: z.array(whole<SourceTag>()).optional(),
};

/** Lines of the `extract` stage, without the requests that follow those of tables and procedures. */
export const extractLine = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('table'),
    ...recordLine,
    /** The last constraints of the request: each can only be sent when its table exists. */
    foreignKeys: z.array(whole<ForeignKeyConstraint>()).optional(),
  }),
  z.object({ kind: z.literal('procedure'), ...recordLine }),
  z.object({
    kind: z.literal('seen'),
    ...schemaRef.shape,
    entity: z.enum(['table', 'procedure']),
    name: z.string(),
    ...leftOut,
  }),
  z.object({ kind: z.literal('gone'), ...schemaRef.shape, entity: z.enum(['table', 'procedure']), name: z.string() }),
  /**
   * Ends a schema, or the range of its tables that a unit has, and says whether its listing was complete. Only a schema
   * that is complete in all of its ranges may cause deletions; those with `until` continue in the next unit.
   */
  z.object({
    kind: z.literal('end'),
    ...schemaRef.shape,
    listing: z.enum(['whole', 'changes', 'failed']),
    after: z.string().optional(),
    until: z.string().optional(),
  }),
]);
export type ExtractLine = z.infer<typeof extractLine>;

/** A line with the request of its table or procedure, as the bytes that are sent; empty if it has no request. */
export interface ExtractRecord<Line extends ExtractLine = ExtractLine> {
  readonly line: Line;
  readonly request: Buffer;
}

/**
 * The request is the line's last member. Inside a string a quote has a backslash before it, so these characters can't
 * occur elsewhere, and the request can be cut off without parsing it: most bytes that a run stages are requests, and
 * they are only passed on.
 */
const REQUEST = ',"request":';
const NONE = Buffer.alloc(0);

export function writeExtractLine(line: ExtractLine, request = ''): string {
  const text = JSON.stringify(line);
  return request === '' ? text : `${text.slice(0, -1)}${REQUEST}${request}}`;
}

export function readExtractLine(bytes: Buffer): ExtractRecord {
  const at = bytes.indexOf(REQUEST);
  if (at === -1) return { line: extractLine.parse(JSON.parse(bytes.toString())), request: NONE };
  const line = extractLine.parse(JSON.parse(`${bytes.toString('utf8', 0, at)}}`));
  return { line, request: bytes.subarray(at + REQUEST.length, -1) };
}
