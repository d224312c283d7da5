import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Stands before a catalog and repeats credentials in its refusals, as some gateways do with the headers of a request
 * they don't like.
 */
export interface TattlingProxy {
  /** `http://127.0.0.1:PORT/api` */
  readonly hostPort: string;
  /** What was sent to the catalog, but for connections of services, which are stored there on purpose. */
  readonly sent: readonly string[];
  /** How often it has told. */
  readonly told: number;
  close(): Promise<void>;
}

/** @param every refuses each so many'th call that writes */
export async function startTattlingProxy(hostPort: string, every: number): Promise<TattlingProxy> {
  const target = new URL(hostPort);
  const sent: string[] = [];
  let writes = 0;
  let told = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const { method = 'GET', url = '/', headers } = request;
      if (!url.includes('/services/databaseServices')) sent.push(`${method} ${url}\n${body.toString('utf8')}`);
      if (method !== 'GET' && (writes += 1) % every === 0) {
        told += 1;
        const credentials = headers.authorization ?? '';
        const message = `bad request: authorization=${credentials} or ${credentials.toUpperCase()}; ${encodeURIComponent(credentials)}`;
        response.writeHead(400, { 'content-type': 'application/json' });
        return void response.end(JSON.stringify({ code: 400, message }));
      }
      const { hostname: host, port } = target;
      const onward = send({ host, port, method, path: url, headers }, (answer) =>
        answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers))
      );
      onward.on('error', () => response.destroy());
      onward.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    hostPort: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`,
    sent,
    get told() {
      return told;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
