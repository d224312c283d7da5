import { createServer, request as send } from 'node:http';
import { connect, type AddressInfo } from 'node:net';

/**
 * A forward proxy as companies have them: tunnels for https, whole addresses for http. It alone knows the names of its
 * servers.
 */
export interface HttpRelay {
  readonly url: string;
  /** `CONNECT om.test:443`, `GET http://om.test/x`: what was asked of it, in order. */
  readonly asked: readonly string[];
  /** `proxy-authorization` of the last call. */
  readonly login: string | undefined;
  /** Refuses everything with this status from now on. */
  refuse(status: number | undefined): void;
  close(): Promise<void>;
}

/** @param ports port on this host by host name */
export async function startHttpRelay(ports: Readonly<Record<string, number>>): Promise<HttpRelay> {
  const asked: string[] = [];
  let login: string | undefined;
  let refusal: number | undefined;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/');
    asked.push(`${request.method} ${url.origin}${url.pathname}`);
    login = request.headers['proxy-authorization'];
    if (refusal !== undefined) return void response.writeHead(refusal).end('<html>the proxy says no</html>');
    const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !name.startsWith('proxy-')));
    const onward = send({
      port: ports[url.hostname],
      method: request.method,
      path: url.pathname + url.search,
      headers,
    });
    onward.on('response', (answer) => answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers)));
    request.pipe(onward);
  });
  server.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    login = request.headers['proxy-authorization'];
    if (refusal !== undefined) return void socket.end(`HTTP/1.1 ${refusal} No\r\n\r\n`);
    const target = connect(ports[(request.url ?? '').split(':')[0] ?? ''] ?? 0, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(target).pipe(socket);
    });
    for (const [one, other] of [
      [target, socket],
      [socket, target],
    ] as const)
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    get login() {
      return login;
    },
    refuse: (status) => (refusal = status),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
