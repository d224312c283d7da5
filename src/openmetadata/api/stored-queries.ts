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
export type StoredQueries = Pick<ReadonlyMap<string, StoredQuery>, 'get' | 'size' | 'values'>;

/** The id of each query of a service, by FQN. */
export type QueryIds = ReadonlyMap<string, string>;

/** FQN of the query that has a text, by the text's MD5. */
export type TextHolders = ReadonlyMap<string, string>;

const PATH = '/queries';
const PAGE = 500;
/** Of rows without further fields, the most that the server gives. */
const SMALL_ROWS = 1_000;

/** All stored queries of a service; undefined when there are more than `most`. */
export async function listStoredQueries(
  transport: Transport,
  service: string,
  options: AtMost
): Promise<StoredQueries | undefined> {
  const stored = new PackedQueries();
  const row = storedQuery.extend({ fullyQualifiedName: z.string() });
  const query = { service, fields: 'queryUsedIn,users' };
  const take = ({ fullyQualifiedName, ...rest }: z.infer<typeof row>): void => stored.add(fullyQualifiedName, rest);
  const isWhole = await listAtMost(transport, { path: PATH, row, query, page: PAGE, take }, options);
  return isWhole ? stored : undefined;
}

/** The same, of which ids alone are wanted. */
export async function listQueryIds(
  transport: Transport,
  service: string,
  options: AtMost
): Promise<QueryIds | undefined> {
  const ids = new Map<string, string>();
  const row = z.object({ id: z.string(), fullyQualifiedName: z.string() });
  const take = ({ id, fullyQualifiedName }: z.infer<typeof row>): unknown => ids.set(fullyQualifiedName, id);
  const listed = { path: PATH, row, query: { service }, page: SMALL_ROWS, take };
  return (await listAtMost(transport, listed, options)) ? ids : undefined;
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

/** As texts, many are a third of what they are as objects. */
class PackedQueries implements StoredQueries {
  readonly #packed = new Map<string, string>();

  add(fqn: string, { queryUsedIn, users, ...rest }: StoredQuery): void {
    const names = users.map(({ id, type, name, fullyQualifiedName }) => ({ id, type, name, fullyQualifiedName }));
    const used = queryUsedIn.map(({ id, type }) => ({ id, type }));
    this.#packed.set(fqn, JSON.stringify({ ...rest, queryUsedIn: used, users: names }));
  }

  get size(): number {
    return this.#packed.size;
  }

  get(fqn: string): StoredQuery | undefined {
    const packed = this.#packed.get(fqn);
    return packed === undefined ? undefined : unpacked(packed);
  }

  values(): MapIterator<StoredQuery> {
    return [...this.#packed.values()].map(unpacked).values();
  }
}

function unpacked(packed: string): StoredQuery {
  return storedQuery.parse(JSON.parse(packed));
}
