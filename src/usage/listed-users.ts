import type { ListedUser, UserRecord } from '../openmetadata/index.js';
import type { Login } from './staged-line.js';

/** All users of the catalog as of one moment. */
export class ListedUsers {
  readonly #byName = new Map<string, UserRecord>();
  /** Undefined where several have the address. */
  readonly #byEmail = new Map<string, UserRecord | undefined>();

  constructor(users: readonly ListedUser[]) {
    for (const { email, ...user } of users) {
      this.#byName.set(user.name, user);
      if (email === undefined) continue;
      const address = email.toLowerCase();
      this.#byEmail.set(address, this.#byEmail.has(address) ? undefined : user);
    }
  }

  find([login, email]: Login): UserRecord | undefined {
    const named = this.#byName.get(login) ?? this.#byName.get(login.toLowerCase());
    return named ?? (email === undefined ? undefined : this.#byEmail.get(email.toLowerCase()));
  }
}
