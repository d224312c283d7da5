import { z } from 'zod';
import { encodeFqnInPath, quoteName } from '../fqn.js';
import type { CallOptions, Transport } from '../http/transport.js';
import { getIfThere } from './get-if-there.js';

const team = z.object({ id: z.string(), name: z.string(), teamType: z.string().optional() });

export type TeamRecord = z.infer<typeof team>;

export class TeamsApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Undefined when there is none, or only a deleted one. */
  async findByName(name: string, { signal }: CallOptions = {}): Promise<TeamRecord | undefined> {
    const path = `/teams/name/${encodeFqnInPath(quoteName(name))}`;
    return getIfThere(this.#transport, path, team, { signal });
  }
}
