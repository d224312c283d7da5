import { z } from 'zod';
import type { CallOptions, Transport } from '../http/transport.js';
import { maybe, maybeList, readAnswer } from './answer-shape.js';
import { queryChecksum } from './bulk-rows.js';
import { referenceSchema } from './entity-records.js';

/** What a PUT of a query would empty. */
export const storedQuery = z.object({
  id: z.string(),
  queryDate: maybe(z.number()),
  duration: maybe(z.number()),
  processedLineage: maybe(z.boolean()),
  queryUsedIn: maybeList(referenceSchema),
  users: maybeList(referenceSchema),
  usedBy: maybeList(z.string()),
});

export type StoredQuery = z.infer<typeof storedQuery>;

/** The queries of a service by FQN, as of one moment: statements that aren't among them are new. */
export type StoredQueries = ReadonlyMap<string, StoredQuery>;

/** FQN of the query that has a text, by the text's MD5. */
export type TextHolders = ReadonlyMap<string, string>;

export interface StoredOptions extends CallOptions {
  /** More stored queries than this are not listed. */
  readonly most: number;
}

const PAGE = 500;

/** All stored queries of a service; undefined when there are more than `most`. */
export async function listStoredQueries(
  transport: Transport,
  service: string,
  options: StoredOptions
): Promise<StoredQueries | undefined> {
  const stored = new Map<string, StoredQuery>();
  const row = storedQuery.extend({ fullyQualifiedName: z.string() });
  const isWhole = await list(transport, row, { service, fields: 'queryUsedIn,users' }, options, (listed) => {
    const { fullyQualifiedName, ...rest } = listed;
    stored.set(fullyQualifiedName, rest);
  });
  return isWhole ? stored : undefined;
}

/** Who holds each text of the whole catalog; undefined when there are more than `most`. */
export async function listTextHolders(transport: Transport, options: StoredOptions): Promise<TextHolders | undefined> {
  const holders = new Map<string, string>();
  const row = z.object({ fullyQualifiedName: z.string(), query: z.string() });
  const isWhole = await list(transport, row, {}, options, ({ fullyQualifiedName, query }) =>
    holders.set(queryChecksum(query), fullyQualifiedName)
  );
  return isWhole ? holders : undefined;
}

/** @returns false when there are more than `most`: then not all were taken */
async function list<Row>(
  transport: Transport,
  row: z.ZodType<Row>,
  asked: Readonly<Record<string, string>>,
  { most, signal }: StoredOptions,
  take: (row: Row) => void
): Promise<boolean> {
  const page = z.object({
    data: z.array(row),
    paging: z.object({ total: z.number(), after: maybe(z.string()) }),
  });
  let after: string | undefined;
  // the first page has one query: it tells how many there are
  let limit = 1;
  do {
    const { body } = await transport.request('GET', '/queries', { query: { ...asked, limit, after }, signal });
    const { data, paging } = readAnswer(page, body, 'GET /v1/queries');
    if (paging.total > most) return false;
    data.forEach(take);
    after = paging.after;
    limit = PAGE;
  } while (after !== undefined);
  return true;
}
