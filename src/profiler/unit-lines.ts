import { z } from 'zod';
import { exactJson, parseExactJson } from '../openmetadata/index.js';
import type { Listing } from '../staging/index.js';
import type { Allowance } from './allowance.js';
import { rememberedTable, type RememberedTable } from './remembered.js';

/** A line of the slice `profiles`: a table that was begun, or its result. */
const begunLine = z.object({
  begun: z.string(),
  reserved: z.number(),
  /** Reserved further for a table that is in work. */
  more: z.boolean().optional(),
  /** It was tried in vain and comes again: `reserved` is what that took. */
  tried: z.object({ milliseconds: z.number() }).optional(),
  /** The budget was spent in its midst, after the statements that `reserved` says: what the next run is to know. */
  cut: z.object({ milliseconds: z.number(), remember: rememberedTable.optional() }).optional(),
});
const doneLine = z.object({
  done: z.string(),
  /** Absent for a table that failed: `failed` says why. */
  id: z.string().optional(),
  /** Absent where rows to show are all that is wanted. */
  request: z.unknown().optional(),
  failed: z.string().optional(),
  /** As JSON, since it is sent with all digits; an object of releases that staged it so. */
  sampleData: z.union([z.string(), z.looseObject({}).transform(exactJson)]).optional(),
  /** Its sample took no row, as far as is known not because it has none. */
  sampledNone: z.literal(true).optional(),
  remember: rememberedTable.optional(),
  statements: z.number(),
  milliseconds: z.number(),
});
export const profileLine = z.union([begunLine, doneLine]);
export const publishedLine = z.object({ fqn: z.string(), ok: z.boolean(), reason: z.exactOptional(z.string()) });

export type Done = z.infer<typeof doneLine>;

/**
 * What earlier attempts did, and how often they tried a table in vain; one that began a table and did not finish it
 * counts with all that was reserved for it.
 */
export async function earlierTables(
  profiles: Listing,
  allowance: Allowance
): Promise<{ done: Map<string, Done>; tried: Map<string, number> }> {
  const done = new Map<string, Done>();
  const tried = new Map<string, number>();
  /** Reserved by each attempt that began a table. */
  const begun = new Map<string, number[]>();
  for await (const line of profiles.stagedLines()) {
    const parsed = profileLine.parse(parseExactJson(line.toString()));
    if (!('begun' in parsed)) {
      done.set(parsed.done, parsed);
      begun.get(parsed.done)?.pop();
    } else if (parsed.cut !== undefined) {
      begun.get(parsed.begun)?.pop();
      allowance.addUsed(parsed.reserved, parsed.cut.milliseconds);
    } else if (parsed.tried !== undefined) {
      begun.get(parsed.begun)?.pop();
      allowance.addUsed(parsed.reserved, parsed.tried.milliseconds);
      tried.set(parsed.begun, (tried.get(parsed.begun) ?? 0) + 1);
    } else {
      const tries = begun.get(parsed.begun) ?? [];
      if (parsed.more === true) tries.push((tries.pop() ?? 0) + parsed.reserved);
      else tries.push(parsed.reserved);
      begun.set(parsed.begun, tries);
    }
  }
  for (const { statements, milliseconds } of done.values()) allowance.addUsed(statements, milliseconds);
  for (const tries of begun.values()) for (const reserved of tries) allowance.addUsed(reserved, 0);
  return { done, tried };
}

export function keyOf(line: z.infer<typeof profileLine>): string {
  return 'begun' in line ? `begun ${line.begun}` : line.done;
}

/** What the next run remembers from a line of the slice `profiles`, and what the report says of its rows. */
export function rememberedOf(
  line: unknown
): { fqn: string; remember: RememberedTable; sampledNone: boolean; wasRead: boolean; cut?: true } | undefined {
  const parsed = profileLine.parse(line);
  if ('begun' in parsed) {
    const remember = parsed.cut?.remember;
    return remember === undefined
      ? undefined
      : { fqn: parsed.begun, remember, sampledNone: false, wasRead: false, cut: true };
  }
  if (parsed.remember === undefined) return undefined;
  const { done: fqn, remember, sampledNone, statements } = parsed;
  return { fqn, remember, sampledNone: sampledNone === true, wasRead: statements > 0 };
}

/** What a line says about a finished table. */
export function profileOutcome(line: unknown): { fqn: string; failed?: string } | undefined {
  const parsed = profileLine.parse(line);
  if ('begun' in parsed) return undefined;
  return { fqn: parsed.done, ...(parsed.failed === undefined ? {} : { failed: parsed.failed }) };
}
