import { z } from 'zod';
import type { ManifestEntry, StagingStore } from '../staging/index.js';

/** Lines of the deletion stage: what is gone, in the order in which it is marked. */
export const goneLine = z.object({
  kind: z.enum(['databases', 'databaseSchemas', 'tables', 'storedProcedures']),
  fqn: z.string(),
  /** As the source names it, and what it is below there. */
  name: z.string(),
  database: z.string().optional(),
  schema: z.string().optional(),
  /** How many entities: it, and all that it contains in the catalog. */
  entities: z.number().int().positive(),
  /** The source itself said that it no longer exists. */
  named: z.literal(true).optional(),
});
export type GoneLine = z.infer<typeof goneLine>;

/** No longer seen, but held back, since nothing proves that it is gone. */
export const heldLine = z.object({ kind: z.literal('held'), fqn: z.string(), reason: z.string() });
export type HeldLine = z.infer<typeof heldLine>;

/** In the entries after the decision: what was marked. */
export const markedLine = z.object({ kind: z.literal('marked'), fqn: z.string() });

export const deletionLine = z.discriminatedUnion('kind', [goneLine, heldLine, markedLine]);
export type DeletionLine = z.infer<typeof deletionLine>;

/** The guard's decision, staged before anything is marked, so that every attempt keeps to it. */
export const decision = z.object({
  /** Entities that stood when nothing was marked, 0 when nothing is gone; of these, marked by runs before this one. */
  stood: z.number(),
  before: z.number().default(0),
  allowed: z.number(),
  /** Entities that are marked, with all that they contain. */
  marked: z.number(),
});
export type Decision = z.infer<typeof decision>;

export function isGone(line: DeletionLine): line is GoneLine {
  return line.kind !== 'held' && line.kind !== 'marked';
}

/** What a chunk says is gone, in order. */
export async function goneIn(store: StagingStore, entry: ManifestEntry): Promise<GoneLine[]> {
  return Array.from(await store.read(entry), (value) => deletionLine.parse(value)).filter(isGone);
}
