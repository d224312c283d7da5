import { z } from 'zod';
import type { CallOptions, Transport } from '../http/transport.js';
import { maybe, maybeList, readAnswer } from './answer-shape.js';
import { referenceSchema } from './entity-records.js';

/** What a PUT of a query would empty. */
const storedQuery = z.object({
  id: z.string(),
  queryDate: maybe(z.number()),
  processedLineage: maybe(z.boolean()),
  queryUsedIn: maybeList(referenceSchema),
  users: maybeList(referenceSchema),
  usedBy: maybeList(z.string()),
});

export type StoredQuery = z.infer<typeof storedQuery>;

/** The queries of a service by FQN, as of one moment: statements that aren't among them are new. */
export type StoredQueries = ReadonlyMap<string, StoredQuery>;

export interface StoredOptions extends CallOptions {
  /** More stored queries than this are not listed. */
  readonly most: number;
}

const PAGE = 500;

/** All stored queries of a service; undefined when there are more than `most`. */
export async function listStoredQueries(
  transport: Transport,
  service: string,
  { most, signal }: StoredOptions
): Promise<StoredQueries | undefined> {
  const page = z.object({
    data: z.array(storedQuery.extend({ fullyQualifiedName: z.string() })),
    paging: z.object({ total: z.number(), after: maybe(z.string()) }),
  });
  const stored = new Map<string, StoredQuery>();
  let after: string | undefined;
  // the first page has one query: it tells how many there are
  let limit = 1;
  do {
    const query = { service, fields: 'queryUsedIn,users', limit, after };
    const { body } = await transport.request('GET', '/queries', { query, signal });
    const { data, paging } = readAnswer(page, body, 'GET /v1/queries');
    if (paging.total > most) return undefined;
    for (const { fullyQualifiedName, ...rest } of data) stored.set(fullyQualifiedName, rest);
    after = paging.after;
    limit = PAGE;
  } while (after !== undefined);
  return stored;
}
