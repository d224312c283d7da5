import { setTimeout as sleep } from 'node:timers/promises';

/** Units of a lost worker come back together. */
const GATHERING_MS = 200;

/** Looks once for the statements of all attempts that ask within a moment, a database each. */
export class GatheredTags {
  readonly #open = new Map<string, { readonly tags: string[]; readonly answer: Promise<number> }>();

  /** @param look for all of these tags; what it throws, each of them gets */
  constructor(private readonly look: (tags: readonly string[], database: string) => Promise<number>) {}

  /** @returns how many statements there were of all that asked */
  async find(tag: string, database: string): Promise<number> {
    const open = this.#open.get(database) ?? this.#begin(database);
    open.tags.push(tag);
    return open.answer;
  }

  #begin(database: string): { readonly tags: string[]; readonly answer: Promise<number> } {
    const tags: string[] = [];
    const answer = sleep(GATHERING_MS).then(() => {
      this.#open.delete(database);
      return this.look(tags, database);
    });
    const open = { tags, answer };
    this.#open.set(database, open);
    return open;
  }
}
