import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An object that the store took. */
export interface Written {
  /** With its bucket. */
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A proxy in front of an S3 store that remembers what was written through it. */
export interface WatchedS3 {
  readonly url: string;
  /** In the order in which the store took them. */
  readonly written: readonly Written[];
  readonly stop: () => Promise<void>;
}

export async function startWatchedS3(upstream: string): Promise<WatchedS3> {
  const written: Written[] = [];
  const server = createServer((incoming, outgoing) => {
    const { method = '', url: path = '', headers } = incoming;
    const onward = request(new URL(path, upstream), { method, headers }, (answer) => {
      if (method === 'PUT' && answer.statusCode === 200)
        written.push({ key: path.split('?')[0] ?? '', at: Date.now() });
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    // a worker that was killed
    incoming.on('error', () => onward.destroy());
    outgoing.on('error', () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    written,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
