import { z } from 'zod';
import { PermanentError } from '../../errors/index.js';

/**
 * Checks an answer at the trust boundary; keys that aren't needed are ignored.
 * @throws PermanentError naming the first key that isn't as expected
 */
export function readAnswer<T>(schema: z.ZodType<T>, body: unknown, call: string): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? 'the answer' : issue.path.join('.');
  throw new PermanentError(`${call} answered something unexpected: ${place}: ${issue?.message ?? 'wrong shape'}.`, {
    remedy: "This worker is tested with OpenMetadata 1.13, 2.0 and 2.1; check the server's version.",
  });
}

/** A key that may be absent or null, two ways of the server to say "none"; both become undefined. */
export function maybe<T>(schema: z.ZodType<T>): z.ZodType<T | undefined> {
  return schema.nullish().transform((value) => value ?? undefined);
}

/** A list that may be absent or null; both become an empty one. */
export function maybeList<T>(schema: z.ZodType<T>): z.ZodType<readonly T[]> {
  return z
    .array(schema)
    .nullish()
    .transform((value) => value ?? []);
}
