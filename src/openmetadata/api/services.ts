import { z } from 'zod';
import { TransientError } from '../../errors/index.js';
import type { CreateDatabaseServiceRequest } from '../entities/index.js';
import { encodeFqnInPath, quoteName } from '../fqn.js';
import { sleep } from '../http/retry-policy.js';
import type { CallOptions, Transport } from '../http/transport.js';
import { maybe, readAnswer } from './answer-shape.js';
import { listPages } from './pages.js';

/** A database service as stored. Its secrets are readable with a bot's token, and nine asterisks for others. */
const service = z.object({
  id: z.string(),
  name: z.string(),
  fullyQualifiedName: z.string(),
  serviceType: z.string(),
  /** Undefined for a service stored without a connection. */
  connection: maybe(z.object({ config: maybe(z.record(z.string(), z.unknown())) })),
});

export type DatabaseServiceRecord = z.infer<typeof service>;

const PATH = '/services/databaseServices';
const named = z.object({ name: z.string() });
/** Services per page. */
const PAGE = 1_000;
const READ_TRIES = 3;
const READ_WAIT_MS = 500;

/** A service with its owners, domains and pipelines. */
const MOST_CHARACTERS = 8 * 1024 * 1024;

export class ServicesApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** By the service's plain name, as in the recipe. */
  async find(name: string, { signal }: CallOptions = {}): Promise<DatabaseServiceRecord | undefined> {
    const path = `${PATH}/name/${encodeFqnInPath(quoteName(name))}`;
    const answer = await this.#transport.request('GET', path, {
      query: { fields: '*' },
      signal,
      accept: [404],
      mostCharacters: MOST_CHARACTERS,
    });
    return answer.status === 404 ? undefined : readAnswer(service, answer.body, `GET /v1${path}`);
  }

  /** Names of all database services, in the server's order. */
  async names(options: CallOptions = {}): Promise<string[]> {
    const names: string[] = [];
    for await (const page of listPages(this.#transport, PATH, named, { limit: PAGE }, options))
      names.push(...page.map(({ name }) => name));
    return names;
  }

  /** Creates the service or, if it exists, rewrites its connection; returns it as a read would. */
  async create(request: CreateDatabaseServiceRequest, { signal }: CallOptions = {}): Promise<DatabaseServiceRecord> {
    await this.#transport.request('PUT', PATH, { body: request, signal });
    for (let attempt = 1; attempt <= READ_TRIES; attempt += 1) {
      const found = await this.find(request.name, { signal });
      if (found !== undefined) return found;
      if (attempt < READ_TRIES) await sleep(READ_WAIT_MS, signal);
    }
    throw new TransientError(
      `The database service ${request.name} was created, but OpenMetadata does not find it yet.`,
      {
        where: request.name,
      }
    );
  }
}
