import { PermanentError } from '../../errors/index.js';
import type { CreateQueryCostRecordRequest } from '../entities/index.js';
import { httpStatusOf } from '../http/outcome.js';
import type { CallOptions, Transport } from '../http/transport.js';

export class QueryCostsApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** A record that exists already, for the same query and timestamp, isn't changed: the server has no call for that. */
  async create(request: CreateQueryCostRecordRequest, { signal }: CallOptions = {}): Promise<'created' | 'there'> {
    let isRepeat = false;
    // Nothing asks for one record alone; the server itself refuses a second one.
    const arrived = (): Promise<boolean> => {
      isRepeat = true;
      return Promise.resolve(false);
    };
    try {
      await this.#transport.request('POST', '/queryCostRecord', { body: request, signal, repeatable: true, arrived });
      return 'created';
    } catch (error) {
      if (!(error instanceof PermanentError) || httpStatusOf(error) !== 409) throw error;
      // After an unclear answer it is most likely the call before.
      return isRepeat ? 'created' : 'there';
    }
  }
}
