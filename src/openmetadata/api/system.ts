import { z } from 'zod';
import { PermanentError } from '../../errors/index.js';
import type { CallOptions, Transport } from '../http/transport.js';
import { maybe } from './answer-shape.js';

/**
 * The lines of releases this worker is tested with: by the local catalog, which imitates them (docs/openmetadata.md).
 */
export const TESTED_VERSIONS: readonly string[] = ['1.13', '2.0', '2.1'];
const TESTED = new Intl.ListFormat('en').format(TESTED_VERSIONS.map((line) => `${line}.x`));

export interface ServerVersion {
  /** As the server writes it, `2.0.7.0`. */
  readonly version: string;
  /** A sentence for the report when the version isn't of a tested line. */
  readonly warning?: string;
}

const versionAnswer = z.object({ version: maybe(z.string()) });

/** A version, a commit and a date. */
const MOST_CHARACTERS = 64 * 1024;

export class SystemApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * The server's version; also checks that hostPort and token are right. Untested versions give a warning, not an
   * error: an endpoint that a server lacks fails where it is needed.
   * @throws PermanentError when the answer isn't OpenMetadata's
   */
  async version({ signal }: CallOptions = {}): Promise<ServerVersion> {
    const { status, body } = await this.#transport.request('GET', '/system/version', {
      signal,
      accept: [404],
      mostCharacters: MOST_CHARACTERS,
    });
    const remedy = "Check that hostPort is the address of OpenMetadata's API, for example http://localhost:8585/api.";
    if (status === 404)
      throw new PermanentError('The server has no /v1/system/version: it is no OpenMetadata.', { remedy });
    const parsed = versionAnswer.safeParse(body);
    const version = parsed.success ? parsed.data.version : undefined;
    if (version === undefined)
      throw new PermanentError('The answer of /v1/system/version has no "version".', { remedy });
    const line = /^v?(\d+\.\d+)(\.|$)/.exec(version)?.[1];
    if (line !== undefined && TESTED_VERSIONS.includes(line)) return { version };
    const warning =
      line === undefined
        ? `OpenMetadata says that its version is "${version}", which isn't a version number; ${TESTED} are tested.`
        : `OpenMetadata ${version} is not tested with this worker, ${TESTED} are.`;
    return { version, warning };
  }
}
