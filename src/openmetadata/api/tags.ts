import type { CreateClassificationRequest, CreateTagRequest } from '../entities/index.js';
import type { CallOptions, Transport } from '../http/transport.js';

/** Labels are created before the entities that have them: classification first, then its tags. */
export class ClassificationsApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async put(request: CreateClassificationRequest, { signal }: CallOptions = {}): Promise<void> {
    await this.#transport.request('PUT', '/classifications', { body: request, signal });
  }
}

export class TagsApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async put(request: CreateTagRequest, { signal }: CallOptions = {}): Promise<void> {
    await this.#transport.request('PUT', '/tags', { body: request, signal });
  }
}
