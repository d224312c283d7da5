import {
  hashedRequest,
  type CreateRequests,
  type EntityKind,
  type EntityReference,
  type HashedRequest,
} from '../openmetadata/index.js';
import type { PartRecorder } from '../report/index.js';
import type { Catalog } from './catalog.js';

/**
 * Owners as the source names them, and who they are in the catalog: each is asked for once. An unknown one is a note.
 */
export class Owners {
  readonly #known = new Map<string, Promise<EntityReference | undefined>>();

  constructor(
    private readonly catalog: Pick<Catalog, 'findOwner'>,
    private readonly recorder: PartRecorder
  ) {}

  /** The request with its owner and the hash of both; undefined when the catalog doesn't know the name. */
  async owned(request: CreateRequests[EntityKind], owner: string | undefined): Promise<HashedRequest | undefined> {
    const reference = owner === undefined ? undefined : await this.#find(owner);
    return reference === undefined ? undefined : hashedRequest({ ...request, owners: [reference] });
  }

  #find(owner: string): Promise<EntityReference | undefined> {
    const known = this.#known.get(owner) ?? this.#ask(owner);
    this.#known.set(owner, known);
    return known;
  }

  async #ask(owner: string): Promise<EntityReference | undefined> {
    const found = await this.catalog.findOwner(owner);
    if (found === undefined) {
      this.recorder.note(
        `Owner ${owner} of the source is no user, by name or e-mail address, and no team of type Group in OpenMetadata: what it owns there has no owner from this run.`
      );
    }
    return found;
  }
}
