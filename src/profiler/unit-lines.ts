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
  /**
   * The budget was spent in its midst, or the attempt was ended, after the statements that `reserved` says: what the
   * next try is to know.
   */
  cut: z.object({ milliseconds: z.number(), remember: rememberedTable.optional() }).optional(),
});
const doneLine = z.object({
  done: z.string(),
  /** Absent for a table that failed: `failed` says why. */
  id: z.string().optional(),
  /** Absent where rows to show are all that is wanted. */
  request: z.unknown().optional(),
  failed: z.string().optional(),
  /** It has no new profile, as what was refused before still is, and nothing else changed. */
  unchanged: z.string().optional(),
  /** As JSON, since it is sent with all digits; an object of releases that staged it so. */
  sampleData: z.union([z.string(), z.looseObject({}).transform(exactJson)]).optional(),
  /** Its sample took no row, as far as is known not because it has none. */
  sampledNone: z.literal(true).optional(),
  /** Its partition has no rows. */
  emptyPartition: z.literal(true).optional(),
  remember: rememberedTable.optional(),
  /** Until when all that changed its rows was read. */
  changesUntil: z.number().optional(),
  statements: z.number(),
  milliseconds: z.number(),
});
export const profileLine = z.union([begunLine, doneLine]);
export const publishedLine = z.object({ fqn: z.string(), ok: z.boolean(), reason: z.exactOptional(z.string()) });

export type Done = z.infer<typeof doneLine>;

/** What earlier attempts and calls of a unit left. */
export interface EarlierTables {
  readonly done: Map<string, Done>;
  /** How often a table was tried in vain. */
  readonly tried: Map<string, number>;
  /** Tables in whose midst the share was spent, or the attempt was ended, after so many statements. */
  readonly cut: Map<string, CutTable>;
}

export interface CutTable {
  readonly sent: number;
  readonly remember?: RememberedTable | undefined;
}

/**
 * What earlier attempts did; one that began a table and did not finish it counts with all that was reserved for it.
 */
export async function earlierTables(profiles: Listing, allowance: Allowance): Promise<EarlierTables> {
  const done = new Map<string, Done>();
  const tried = new Map<string, number>();
  const cut = new Map<string, CutTable>();
  const taken = new StatementsTaken();
  for await (const line of profiles.stagedLines()) {
    const parsed = taken.see(parseExactJson(line.toString()));
    if (!('begun' in parsed)) {
      done.set(parsed.done, parsed);
      cut.delete(parsed.done);
    } else if (parsed.cut !== undefined) {
      const sent = parsed.reserved + (cut.get(parsed.begun)?.sent ?? 0);
      cut.set(parsed.begun, { sent, remember: parsed.cut.remember });
    } else if (parsed.tried !== undefined) tried.set(parsed.begun, (tried.get(parsed.begun) ?? 0) + 1);
  }
  allowance.addUsed(taken.all, taken.milliseconds);
  return { done, tried, cut };
}

/** What the lines of a unit took of a budget; what was begun and did not end takes all that was reserved for it. */
export class StatementsTaken {
  #ended = 0;
  #milliseconds = 0;
  /** Reserved by each attempt that began a table. */
  readonly #begun = new Map<string, number[]>();

  see(line: unknown): z.infer<typeof profileLine> {
    const parsed = profileLine.parse(line);
    if (!('begun' in parsed)) this.#end(parsed.done, parsed.statements, parsed.milliseconds);
    else {
      const { begun, reserved } = parsed;
      const ended = parsed.cut ?? parsed.tried;
      if (ended !== undefined) this.#end(begun, reserved, ended.milliseconds);
      else {
        const tries = this.#begun.get(begun) ?? [];
        tries.push(parsed.more === true ? (tries.pop() ?? 0) + reserved : reserved);
        this.#begun.set(begun, tries);
      }
    }
    return parsed;
  }

  get all(): number {
    return this.#ended + this.setApart;
  }

  /** Statements of what came to an end: that many were sent. */
  get sent(): number {
    return this.#ended;
  }

  /** Reserved by attempts that were lost: nobody knows how many of these were sent. */
  get setApart(): number {
    return [...this.#begun.values()].flat().reduce((sum, reserved) => sum + reserved, 0);
  }

  get milliseconds(): number {
    return this.#milliseconds;
  }

  #end(table: string, statements: number, milliseconds: number): void {
    this.#begun.get(table)?.pop();
    this.#ended += statements;
    this.#milliseconds += milliseconds;
  }
}

export function keyOf(line: z.infer<typeof profileLine>): string {
  return 'begun' in line ? `begun ${line.begun}` : line.done;
}

/** What a line of the slice `profiles` leaves to the next run, and to the report. */
export interface RememberedLine {
  readonly fqn: string;
  readonly remember: RememberedTable;
  readonly sampledNone: boolean;
  readonly emptyPartition: boolean;
  readonly wasRead: boolean;
  readonly changesUntil?: number;
  readonly cut?: true;
}

export function rememberedOf(line: unknown): RememberedLine | undefined {
  const parsed = profileLine.parse(line);
  if ('begun' in parsed) {
    const remember = parsed.cut?.remember;
    return remember === undefined
      ? undefined
      : { fqn: parsed.begun, remember, sampledNone: false, emptyPartition: false, wasRead: false, cut: true };
  }
  if (parsed.remember === undefined) return undefined;
  const { done: fqn, remember, sampledNone, emptyPartition, statements, unchanged, changesUntil } = parsed;
  const wasRead = statements > 0 && unchanged === undefined;
  return {
    ...{ fqn, remember, sampledNone: sampledNone === true, emptyPartition: emptyPartition === true, wasRead },
    ...(changesUntil === undefined ? {} : { changesUntil }),
  };
}

/** What a line says about a finished table. */
export function profileOutcome(line: unknown): { fqn: string; failed?: string; unchanged?: string } | undefined {
  const parsed = profileLine.parse(line);
  if ('begun' in parsed) return undefined;
  const { done: fqn, failed, unchanged } = parsed;
  return { fqn, ...(failed === undefined ? {} : { failed }), ...(unchanged === undefined ? {} : { unchanged }) };
}
