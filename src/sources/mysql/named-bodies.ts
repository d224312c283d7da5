import type { CalledName } from './names-called.js';

/** Stored things by a name that they have or stand at, whatever its case. */
export class NamedBodies<Stored extends { readonly schema: string }> {
  readonly #byName = new Map<string, Stored[]>();

  get isEmpty(): boolean {
    return this.#byName.size === 0;
  }

  add(name: string, stored: Stored): void {
    const named = this.#byName.get(name.toLowerCase());
    if (named === undefined) this.#byName.set(name.toLowerCase(), [stored]);
    else named.push(stored);
  }

  /** Those of all schemas where it isn't known which one is meant. */
  of({ schema = '', name }: CalledName): readonly Stored[] {
    const named = this.#byName.get(name.toLowerCase()) ?? [];
    return schema === '' ? named : named.filter((stored) => stored.schema.toLowerCase() === schema.toLowerCase());
  }
}
