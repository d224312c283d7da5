import { z } from 'zod';
import type { CreateDatabaseRequest, CreateDatabaseSchemaRequest } from '../openmetadata/index.js';
import type { ManifestEntry } from '../staging/index.js';
import type { ForeignKeyConstraint } from './constraints.js';
import { outcomeRuns } from './publish-outcomes.js';

/**
 * Lines of staged chunks. The bytes are this program's own (their sha256 is in the manifest), so a line's envelope is
 * checked, and its request is not.
 */
export const whole = <T>(): z.ZodType<T> => z.custom<T>((value) => typeof value === 'object' && value !== null);

export const schemaRef = z.object({ database: z.string(), schema: z.string() });

/** Why something was only seen: which part of the recipe left it out, or why it couldn't be read. */
export const leftOut = { filtered: z.string().optional(), failed: z.string().optional() };

/** As the source names it. */
const owner = { owner: z.string().optional() };

/** Lines of the `scopes` stage. */
export const scopeLine = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('database'), name: z.string(), request: whole<CreateDatabaseRequest>(), ...owner }),
  z.object({
    kind: z.literal('schema'),
    ...schemaRef.shape,
    request: whole<CreateDatabaseSchemaRequest>(),
    ...owner,
  }),
  /** Left out by the recipe, or not listable: it counts as seen, and nothing below it is read. */
  z.object({ kind: z.literal('seen'), database: z.string(), schema: z.string().optional(), ...leftOut }),
]);
export type ScopeLine = z.infer<typeof scopeLine>;

/** Lines of the `publish` stage: foreign keys to add once every table is there. */
export const deferredLine = z.object({
  tableFqn: z.string(),
  foreignKeys: z.array(whole<ForeignKeyConstraint>()),
  /** Of the request with all foreign keys. */
  sourceHash: z.string().optional(),
});
export type DeferredLine = z.infer<typeof deferredLine>;

/** Lines of the `foreign-keys` stage: keys that didn't arrive. */
export const lostKeyLine = z.object({ fqn: z.string(), reason: z.string() });
export type LostKeyLine = z.infer<typeof lostKeyLine>;

/** Position of an entry of the two stages that publish. */
export const publishPosition = z.object({
  /** False when the catalog has nothing that the source didn't show in the scopes that ended in its chunk. */
  mayDelete: z.boolean(),
  /** For a unit's chunk: what became of each line. */
  outcomes: outcomeRuns.optional(),
});
export type PublishPosition = z.infer<typeof publishPosition>;

/** True when a slice is published completely, and nothing that the catalog has in it is gone from the source. */
export function nothingGone(published: readonly ManifestEntry[]): boolean {
  return (
    published.at(-1)?.last === true &&
    published.every(({ position }) => publishPosition.safeParse(position).data?.mayDelete === false)
  );
}
