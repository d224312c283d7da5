import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { FastifyInstance } from 'fastify';
import { beginning } from '../errors/index.js';
import { ApiError } from './api-error.js';

/**
 * Pages need no token, so another site's page in a browser must not be able to read them by making its name mean this
 * host (DNS rebinding). They are only served under an IP address, `localhost`, this host's own name and the given
 * names.
 * @throws ApiError 421 in a hook, for any other name
 */
export function onlyKnownHosts(pages: FastifyInstance, more: readonly string[]): void {
  const known = new Set(['localhost', hostname(), ...more].map((name) => name.toLowerCase()));
  pages.addHook('onRequest', (request, _reply, next) => {
    const name = nameOf(request.headers.host ?? '');
    if (isIP(name) !== 0 || known.has(name)) next();
    else
      next(
        new ApiError(
          421,
          `The pages are not shown under the name ${beginning(name, 100)}: ask for localhost, or start the catalog with --host.`
        )
      );
  });
}

function nameOf(host: string): string {
  const address = /^\[([^\]]+)\](?::\d*)?$/.exec(host)?.[1];
  return (address ?? host.replace(/:\d*$/, '')).toLowerCase();
}
