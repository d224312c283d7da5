import { z } from 'zod';
import { PermanentError } from '../../errors/index.js';
import type { CreateQueryCostRecordRequest } from '../entities/index.js';
import { encodeFqnInPath } from '../fqn.js';
import { httpStatusOf } from '../http/outcome.js';
import type { CallOptions, Transport } from '../http/transport.js';

/** What became of a record that was sent. */
export interface CostOutcome {
  readonly outcome: 'created' | 'there';
  /** Of a record that was created, where the answer told it. */
  readonly id?: string;
}

const record = z.object({ id: z.string() });

export class QueryCostsApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** A record that exists already, for the same query and timestamp, isn't changed: the server has no call for that. */
  async create(request: CreateQueryCostRecordRequest, { signal }: CallOptions = {}): Promise<CostOutcome> {
    let isRepeat = false;
    // Nothing asks for one record alone; the server itself refuses a second one.
    const arrived = (): Promise<boolean> => {
      isRepeat = true;
      return Promise.resolve(false);
    };
    try {
      const options = { body: request, signal, repeatable: true, arrived };
      const { data } = record.safeParse((await this.#transport.request('POST', '/queryCostRecord', options)).body);
      return { outcome: 'created', ...(data === undefined ? {} : { id: data.id }) };
    } catch (error) {
      if (!(error instanceof PermanentError) || httpStatusOf(error) !== 409) throw error;
      // After an unclear answer it is most likely the call before.
      return { outcome: isRepeat ? 'created' : 'there' };
    }
  }

  /**
   * Whether a record is still there. OpenMetadata answers 500 for one that isn't, other servers 404; one that it does
   * not let be seen (403) is taken as not there.
   */
  async has(id: string, { signal }: CallOptions = {}): Promise<boolean> {
    const path = `/queryCostRecord/${encodeFqnInPath(id)}`;
    const { body } = await this.#transport.request('GET', path, { signal, accept: [403, 404, 500] });
    return record.safeParse(body).data?.id === id;
  }
}
