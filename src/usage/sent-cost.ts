import { z } from 'zod';
import type { StateAddress } from '../staging/index.js';

/** Parts of a sum may be added up in another order. */
const SAME = 1e-9;

const costOrigin = z.object({ query: z.string(), sentAt: z.number(), record: z.exactOptional(z.string()) });
/** The id of the statement that a cost was sent for, when, and the record's id where the catalog told it. */
export type CostOrigin = z.infer<typeof costOrigin>;

const line = z.tuple([z.number(), z.string(), z.number(), costOrigin.optional()]);

/** The cost of a statement on a day that the catalog has. */
export interface SentCost {
  /** Midnight in UTC, milliseconds since the epoch. */
  readonly day: number;
  readonly checksum: string;
  readonly cost: number;
  /** Lines of older versions have none. */
  readonly origin: CostOrigin | undefined;
}

/** Where the costs that were sent outlive a run: a line each, sorted by day and checksum. */
export function sentCosts(service: string): StateAddress {
  return { service, kind: 'usage', name: 'costs' };
}

export function parseSentCost(text: string): SentCost {
  const [day, checksum, cost, origin] = line.parse(JSON.parse(text));
  return { day, checksum, cost, origin };
}

export function printSentCost({ day, checksum, cost, origin }: SentCost): string {
  return JSON.stringify([day, checksum, cost, ...(origin === undefined ? [] : [origin])]);
}

/** Whether both costs are the same sum. */
export function isSameCost(cost: number, other: number): boolean {
  return Math.abs(cost - other) <= SAME * Math.abs(cost);
}

/** Whether it is of that statement, not of its namesake in another catalog; of an older line nobody knows. */
export function isOf(sent: SentCost, query: string | undefined): boolean {
  const of = sent.origin?.query;
  return of === undefined || query === undefined || of === query;
}
