import { LRUCache } from 'lru-cache';
import { RecordError } from '../errors/index.js';
import type { OpenMetadataClient, UserRecord } from '../openmetadata/index.js';
import type { Login } from './staged-line.js';

/** How many logins are remembered; further ones are looked up each time. */
const CAPACITY = 20_000;

/**
 * The user of OpenMetadata behind a login of the source: one of the same name, whatever its case, else the one with its
 * e-mail address.
 */
export class UserFinder {
  readonly #users = new LRUCache<string, Promise<UserRecord | undefined>>({ max: CAPACITY });

  constructor(
    private readonly client: Pick<OpenMetadataClient['users'], 'findByName' | 'findByEmail'>,
    private readonly signal: AbortSignal
  ) {}

  find(login: Login): Promise<UserRecord | undefined> {
    const key = JSON.stringify(login);
    const asked = this.#users.get(key) ?? this.#lookUp(login);
    this.#users.set(key, asked);
    asked.catch(() => this.#users.delete(key));
    return asked;
  }

  async #lookUp([login, email]: Login): Promise<UserRecord | undefined> {
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
