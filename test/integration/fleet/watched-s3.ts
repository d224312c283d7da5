import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A proxy in front of an S3 store that remembers what was written through it. */
export interface WatchedS3 {
  readonly url: string;
  /** Keys with their bucket, in the order in which the store took them. */
  readonly written: readonly string[];
  readonly stop: () => Promise<void>;
}

export async function startWatchedS3(upstream: string): Promise<WatchedS3> {
  const written: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const { method = '', url: path = '', headers } = incoming;
    const onward = request(new URL(path, upstream), { method, headers }, (answer) => {
      if (method === 'PUT' && answer.statusCode === 200) written.push(path.split('?')[0] ?? '');
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
