import { z } from 'zod';
import { encodeFqnInPath, quoteName } from '../fqn.js';
import type { CallOptions, Transport } from '../http/transport.js';
import { readAnswer } from './answer-shape.js';

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
    const answer = await this.#transport.request('GET', path, { signal, accept: [404] });
    return answer.status === 404 ? undefined : readAnswer(team, answer.body, `GET /v1${path}`);
  }
}
