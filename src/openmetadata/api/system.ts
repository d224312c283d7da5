import { z } from 'zod';
import { PermanentError } from '../../errors/index.js';
import type { CallOptions, Transport } from '../http/transport.js';
import { maybe } from './answer-shape.js';

/** The line this worker is tested with. */
export const TESTED_VERSION = '2.0';

export interface ServerVersion {
  /** As the server writes it, `2.0.7.0`. */
  readonly version: string;
  /** A sentence for the report when the version is not one of the tested line. */
  readonly warning?: string;
}

const versionAnswer = z.object({ version: maybe(z.string()) });

export class SystemApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * The server's version; also the check that hostPort and token are right. Versions other than 2.0.x give a warning, no error:
   * endpoints a server does not have fail by themselves, where they are needed.
   * @throws PermanentError when the answer is not OpenMetadata's
   */
  async version({ signal }: CallOptions = {}): Promise<ServerVersion> {
    const { status, body } = await this.#transport.request('GET', '/system/version', { signal, accept: [404] });
    const remedy = "Check that hostPort is the address of OpenMetadata's API, for example http://localhost:8585/api.";
    if (status === 404)
      throw new PermanentError('The server has no /v1/system/version: it is no OpenMetadata.', { remedy });
    const parsed = versionAnswer.safeParse(body);
    const version = parsed.success ? parsed.data.version : undefined;
    if (version === undefined)
      throw new PermanentError('The answer of /v1/system/version has no "version".', { remedy });
    const line = /^v?(\d+\.\d+)(\.|$)/.exec(version)?.[1];
    if (line === TESTED_VERSION) return { version };
    const warning =
      line === undefined
        ? `OpenMetadata says that its version is "${version}", which is no version number; ${TESTED_VERSION}.x is tested.`
        : `OpenMetadata ${version} is not tested with this worker, ${TESTED_VERSION}.x is.`;
    return { version, warning };
  }
}
