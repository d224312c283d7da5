import { z } from 'zod';
import { encodeFqnInPath, quoteName } from '../fqn.js';
import type { CallOptions, Transport } from '../http/transport.js';
import { readAnswer } from './answer-shape.js';
import { searchPage } from './search-query.js';

const user = z.object({ id: z.string(), name: z.string(), fullyQualifiedName: z.string() });

export type UserRecord = z.infer<typeof user>;

const INDEX = 'user_search_index';

export class UsersApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Undefined when there is none, or only a deleted one. */
  async findByName(name: string, { signal }: CallOptions = {}): Promise<UserRecord | undefined> {
    const path = `/users/name/${encodeFqnInPath(quoteName(name))}`;
    const answer = await this.#transport.request('GET', path, { signal, accept: [404] });
    return answer.status === 404 ? undefined : readAnswer(user, answer.body, `GET /v1${path}`);
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
