import type { z } from 'zod';

/** A value of a statement; a list is one value. */
export type SqlValue = string | number | null | readonly (string | number)[];

/** One statement in an engine's SQL, with its placeholders, and the model of its rows. */
export interface Statement<Row> {
  readonly sql: string;
  readonly values: readonly SqlValue[];
  readonly row: z.ZodType<Row>;
}

/** A statement whose rows are of this model. */
export function statement<Row>(row: z.ZodType<Row>, sql: string, values: readonly SqlValue[] = []): Statement<Row> {
  return { sql, values, row };
}
