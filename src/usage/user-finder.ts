import { LRUCache } from 'lru-cache';
import { RecordError } from '../errors/index.js';
import type { OpenMetadataClient, UserRecord } from '../openmetadata/index.js';
import { ListedUsers } from './listed-users.js';
import type { Login } from './staged-line.js';

/**
 * Logins that are asked for one by one before all users are listed, as many as the pages of the longest list, so that
 * it pays.
 */
const FEW = 50;
/** Where the catalog has more users, they are asked for one by one. */
const MOST_LISTED = 50_000;
/** How many logins are remembered; further ones are looked up each time. */
const CAPACITY = 20_000;

/**
 * The user of OpenMetadata behind a login of the source: one of the same name, whatever its case, else the one with its
 * e-mail address.
 */
export class UserFinder {
  #asked = 0;
  #listed: Promise<ListedUsers | undefined> | undefined;
  readonly #users = new LRUCache<string, Promise<UserRecord | undefined>>({ max: CAPACITY });

  constructor(
    private readonly client: Pick<OpenMetadataClient['users'], 'findByName' | 'findByEmail' | 'list'>,
    private readonly signal: AbortSignal
  ) {}

  find(login: Login): Promise<UserRecord | undefined> {
    const key = JSON.stringify(login);
    const asked = this.#users.get(key) ?? this.#lookUp(login);
    this.#users.set(key, asked);
    asked.catch(() => this.#users.delete(key));
    return asked;
  }

  async #lookUp(login: Login): Promise<UserRecord | undefined> {
    this.#asked += 1;
    if (this.#asked <= FEW) return this.#ask(login);
    const listed = await (this.#listed ??= this.#list());
    return listed === undefined ? this.#ask(login) : listed.find(login);
  }

  async #list(): Promise<ListedUsers | undefined> {
    const users = await this.client.list({ most: MOST_LISTED, signal: this.signal });
    return users && new ListedUsers(users);
  }

  async #ask([login, email]: Login): Promise<UserRecord | undefined> {
    const { signal } = this;
    for (const name of new Set([login, login.toLowerCase()])) {
      const user = await this.client.findByName(name, { signal }).catch((error: unknown) => {
        // A login that can't be part of an FQN can't be a user's name.
        if (error instanceof RecordError) return undefined;
        throw error;
      });
      if (user !== undefined) return user;
    }
    return email === undefined ? undefined : this.client.findByEmail(email, { signal });
  }
}
