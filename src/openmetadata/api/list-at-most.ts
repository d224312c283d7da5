import { z } from 'zod';
import type { CallOptions, Transport } from '../http/transport.js';
import { maybe, readAnswer } from './answer-shape.js';

export interface AtMost extends CallOptions {
  /** Where there are more entities than this, none is listed. */
  readonly most: number;
}

export interface ListedRows<Row> {
  readonly path: string;
  readonly row: z.ZodType<Row>;
  readonly query?: Readonly<Record<string, string>>;
  /** Entities of a page. */
  readonly page: number;
  readonly take: (row: Row) => void;
}

/** @returns false when there are more than `most`, or the token may not list them: then not all were taken */
export async function listAtMost<Row>(
  transport: Transport,
  { path, row, query = {}, page, take }: ListedRows<Row>,
  { most, signal }: AtMost
): Promise<boolean> {
  const answered = z.object({
    data: z.array(row),
    paging: z.object({ total: z.number(), after: maybe(z.string()) }),
  });
  let after: string | undefined;
  // the first page has one row: it tells how many there are
  let limit = 1;
  do {
    const { body, status } = await transport.request('GET', path, {
      query: { ...query, limit, after },
      signal,
      accept: [403],
    });
    if (status === 403) return false;
    const { data, paging } = readAnswer(answered, body, `GET /v1${path}`);
    if (paging.total > most) return false;
    data.forEach(take);
    after = paging.after;
    limit = page;
  } while (after !== undefined);
  return true;
}
