import { createServer, request as send, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it was sent; `body` is what its JSON says. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body?: unknown;
}

/** An HTTP proxy before a catalog that writes down what passes through. */
export interface RecordingProxy {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** The requests that were answered since the last call, in the order of their answers. */
  take(): RecordedRequest[];
  close(): Promise<void>;
}

/** @param target `http://127.0.0.1:PORT` of the catalog */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  let recorded: RecordedRequest[] = [];
  const server = createServer((request, response) => {
    const { method = '', url: path = '' } = request;
    void bytesOf(request)
      .then((bytes) => {
        const headers = { ...request.headers, host: new URL(target).host };
        const onward = send(`${target}${path}`, { method, headers }, (reply) => {
          const status = reply.statusCode ?? 0;
          const body = bytes.length === 0 ? {} : { body: JSON.parse(bytes.toString('utf8')) as unknown };
          recorded.push({ method, path, status, ...body });
          response.writeHead(status, reply.headers);
          reply.pipe(response);
        });
        onward.once('error', () => response.destroy());
        onward.end(bytes);
      })
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    take: () => {
      const taken = recorded;
      recorded = [];
      return taken;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
