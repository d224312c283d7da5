import {
  connect,
  createServer,
  type ClientHttp2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';

/** gRPC's RESOURCE_EXHAUSTED, as a Temporal server answers it to a namespace that calls too often. */
const EXHAUSTED = { 'grpc-status': '8', 'grpc-message': 'namespace rate limit exceeded' };
const SECOND_MS = 1_000;

/** A proxy before a Temporal server that refuses calls as a server with a limit does. */
export interface GrpcProxy {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  /** Calls that were refused since it was started. */
  readonly refused: number;
  /** From now on so many calls a second pass, of all kinds and workers together. */
  limit(callsPerSecond: number): void;
  close(): Promise<void>;
}

/** @param target `host:port` of the server */
export async function startGrpcProxy(target: string): Promise<GrpcProxy> {
  let limit = Infinity;
  let refused = 0;
  let second = { begun: 0, calls: 0 };
  const isTooMany = (): boolean => {
    if (Date.now() - second.begun >= SECOND_MS) second = { begun: Date.now(), calls: 0 };
    second.calls += 1;
    return second.calls > limit;
  };
  const server = createServer();
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => {
    const onward = connect(`http://${target}`);
    for (const each of [session, onward]) {
      sessions.add(each);
      each.on('error', () => undefined);
      each.on('close', () => sessions.delete(each));
    }
    session.on('close', () => onward.destroy());
    onward.on('close', () => session.destroy());
    session.on('stream', (stream, headers) => {
      stream.on('error', () => undefined);
      if (!isTooMany()) return pass(onward, stream, headers);
      refused += 1;
      stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...EXHAUSTED }, { endStream: true });
      stream.resume();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    get refused() {
      return refused;
    },
    limit: (callsPerSecond) => {
      limit = callsPerSecond;
    },
    close: async () => {
      for (const session of sessions) session.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function pass(server: ClientHttp2Session, stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
  const call = server.request(headers);
  let trailers: IncomingHttpHeaders = {};
  call.on('response', (answer) => {
    if (stream.destroyed) return;
    stream.respond(answer, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    call.pipe(stream);
  });
  call.on('trailers', (given: IncomingHttpHeaders) => {
    trailers = given;
  });
  call.on('error', () => stream.destroy());
  stream.on('close', () => call.destroy());
  stream.pipe(call);
}
