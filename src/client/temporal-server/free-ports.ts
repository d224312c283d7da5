import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the ports that systems use for outgoing connections (from 32768 on Linux, 49152 on macOS and Windows):
 * otherwise a connection could take the port of a server that is down for a while.
 */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_767;
/** Far more than are ever taken in a row, so that the search ends if something else is wrong. */
const MAX_TRIES = 1_000;
/** Somebody is listening there, or the system reserves it. */
const TAKEN_CODES = new Set(['EADDRINUSE', 'EACCES']);

/**
 * Ports on `host` that nobody listens on now, all different. Another process may take one before it is used.
 *
 * @throws Error when `host` isn't an address of this machine, or when there are none
 */
export async function freePorts(count: number, host = '127.0.0.1'): Promise<number[]> {
  const ports = new Set<number>();
  for (let tries = 0; ports.size < count; tries += 1) {
    if (tries === MAX_TRIES) throw new Error(`No ${count} free ports of ${host} from ${FIRST_PORT} to ${LAST_PORT}.`);
    const port = randomInt(FIRST_PORT, LAST_PORT + 1);
    if (await isFree(port, host)) ports.add(port);
  }
  return [...ports];
}

/** `preferred` when nobody listens on it, else any free port. @throws as `freePorts` */
export async function freePortLike(preferred: number, host = '127.0.0.1'): Promise<number> {
  if (await isFree(preferred, host)) return preferred;
  const [port = preferred] = await freePorts(1, host);
  return port;
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (TAKEN_CODES.has(error.code ?? '')) resolve(false);
      else reject(error);
    });
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
