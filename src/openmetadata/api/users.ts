import { z } from 'zod';
import { encodeFqnInPath, quoteName } from '../fqn.js';
import type { CallOptions, Transport } from '../http/transport.js';
import { maybe } from './answer-shape.js';
import { getIfThere } from './get-if-there.js';
import { listAtMost, type AtMost } from './list-at-most.js';
import { searchPage } from './search-query.js';

const user = z.object({ id: z.string(), name: z.string(), fullyQualifiedName: z.string() });

export type UserRecord = z.infer<typeof user>;

const listed = user.extend({ email: maybe(z.string()) });
export type ListedUser = z.infer<typeof listed>;

const PAGE = 1_000;
const INDEX = 'user_search_index';

export class UsersApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Undefined when there is none, or only a deleted one. */
  async findByName(name: string, { signal }: CallOptions = {}): Promise<UserRecord | undefined> {
    const path = `/users/name/${encodeFqnInPath(quoteName(name))}`;
    return getIfThere(this.#transport, path, user, { signal });
  }

  /**
   * All but deleted ones, bots too; undefined when there are more than `most`, or the token may not list them.
   */
  async list(options: AtMost): Promise<readonly ListedUser[] | undefined> {
    const users: ListedUser[] = [];
    const take = (each: ListedUser): unknown => users.push(each);
    const isWhole = await listAtMost(this.#transport, { path: '/users', row: listed, page: PAGE, take }, options);
    return isWhole ? users : undefined;
  }

  /**
   * From the search index, which lags behind the server by seconds; undefined also when several users have the address.
   */
  async findByEmail(email: string, { signal }: CallOptions = {}): Promise<UserRecord | undefined> {
    const must = [{ term: { 'email.keyword': email.toLowerCase() } }];
    const hits = await searchPage(this.#transport, { index: INDEX, must, size: 2, after: undefined, signal }, user);
    return hits.length === 1 ? hits[0]?._source : undefined;
  }
}
