import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeAuthority } from '../../services/certificates.js';

/** A call that a manager's SDK made. */
export interface RestCall {
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  readonly authorization: string | undefined;
}

export interface RestAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** An HTTPS server that speaks the REST of one manager. */
export interface RestServer {
  /** https://127.0.0.1:PORT */
  readonly url: string;
  readonly port: number;
  /** PEM text of the authority that signed its certificate. */
  readonly ca: string;
  close(): Promise<void>;
}

/**
 * @param answer what each call gets; undefined cuts the connection
 * @param names of its certificate, `DNS:localhost,IP:127.0.0.1`
 */
export async function startRestServer(
  answer: (call: RestCall) => RestAnswer | undefined,
  names?: string
): Promise<RestServer> {
  const authority = makeAuthority();
  const { cert, key } = authority.issue('server', names === undefined ? {} : { names });
  const server = createServer({ cert, key }, (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'https://host');
    const { authorization } = request.headers;
    const said = answer({ method: request.method ?? 'GET', path: decodeURIComponent(pathname), authorization });
    if (said === undefined) return void request.socket.destroy();
    request.resume();
    response.writeHead(said.status ?? 200, { 'content-type': 'application/json', ...said.headers });
    response.end(JSON.stringify(said.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    port,
    ca: authority.ca,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      authority.remove();
    },
  };
}
