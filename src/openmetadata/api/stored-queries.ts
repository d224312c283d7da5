import { z } from 'zod';
import type { Transport } from '../http/transport.js';
import { maybe, maybeList } from './answer-shape.js';
import { queryChecksum } from './bulk-rows.js';
import { referenceSchema } from './entity-records.js';
import { listAtMost, type AtMost } from './list-at-most.js';

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

const PATH = '/queries';
const PAGE = 500;

/** All stored queries of a service; undefined when there are more than `most`. */
export async function listStoredQueries(
  transport: Transport,
  service: string,
  options: AtMost
): Promise<StoredQueries | undefined> {
  const stored = new Map<string, StoredQuery>();
  const row = storedQuery.extend({ fullyQualifiedName: z.string() });
  const query = { service, fields: 'queryUsedIn,users' };
  const take = ({ fullyQualifiedName, ...rest }: z.infer<typeof row>): unknown => stored.set(fullyQualifiedName, rest);
  const isWhole = await listAtMost(transport, { path: PATH, row, query, page: PAGE, take }, options);
  return isWhole ? stored : undefined;
}

/** Who holds each text of the whole catalog; undefined when there are more than `most`. */
export async function listTextHolders(transport: Transport, options: AtMost): Promise<TextHolders | undefined> {
  const holders = new Map<string, string>();
  const row = z.object({ fullyQualifiedName: z.string(), query: z.string() });
  const take = ({ fullyQualifiedName, query }: z.infer<typeof row>): unknown =>
    holders.set(queryChecksum(query), fullyQualifiedName);
  const isWhole = await listAtMost(transport, { path: PATH, row, page: PAGE, take }, options);
  return isWhole ? holders : undefined;
}
