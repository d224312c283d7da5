import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A proxy in front of an S3 store that does not do as it is asked. */
export interface FaultyS3 {
  readonly url: string;
  /** The next request of that sort is carried out, and its answer never arrives. */
  readonly loseAnswer: (which: (method: string, path: string) => boolean) => void;
  /** Answers that got lost. */
  readonly lost: number;
  /** Requests arrive without that header. */
  readonly dropHeader: (name: string) => void;
  /** All requests are answered so from now on. */
  readonly answer: (fault: { readonly status: number; readonly code: string }) => void;
  /** All requests are answered so from now on, as by what stands in front of a store. */
  readonly answerPage: (page: { readonly status: number; readonly text: string }) => void;
  readonly stop: () => Promise<void>;
}

export async function startFaultyS3(upstream: string): Promise<FaultyS3> {
  let lose: ((method: string, path: string) => boolean) | undefined;
  let lost = 0;
  let dropped: string | undefined;
  let fault: { readonly status: number; readonly code: string } | undefined;

  let page: { readonly status: number; readonly text: string } | undefined;
  const handle = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    if (fault !== undefined) {
      incoming.resume();
      outgoing.writeHead(fault.status, { 'content-type': 'application/xml' });
      outgoing.end(
        `<?xml version="1.0"?><Error><Code>${fault.code}</Code><Message>as the test wants</Message></Error>`
      );
      return;
    }
    if (page !== undefined) {
      incoming.resume();
      outgoing.writeHead(page.status, { 'content-type': 'text/html' });
      outgoing.end(page.text);
      return;
    }
    const { method = '', url: path = '' } = incoming;
    const loses = lose?.(method, path.split('?')[0] ?? '') === true;
    if (loses) lose = undefined;
    const headers = Object.entries(incoming.headers).filter(([name]) => name !== dropped);
    const onward = request(new URL(path, upstream), { method, headers: Object.fromEntries(headers) }, (answer) => {
      if (loses) {
        lost += 1;
        answer.resume();
        incoming.socket.destroy();
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  };

  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    loseAnswer: (which) => void (lose = which),
    get lost() {
      return lost;
    },
    dropHeader: (name) => void (dropped = name),
    answer: (given) => void (fault = given),
    answerPage: (given) => void (page = given),
    stop,
  };
}
