import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call that passes through, numbered from 1 since the last `reset`. */
export interface ProxiedCall {
  readonly n: number;
  readonly method: string;
  readonly path: string;
  /** As the client sent it: `Bearer …`. */
  readonly authorization: string;
}

/** What happens to a call instead of being passed on and answered. */
export type ProxyFault =
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** As an ingress without a backend answers. */
  | { readonly kind: 'no backend' }
  /** The server is not asked. */
  | { readonly kind: 'made up'; readonly body: unknown }
  /** Passed on after this many milliseconds. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** The server does it, its answer is lost with the connection. */
  | { readonly kind: 'reset after commit' }
  /** Half of the answer comes, then the connection ends. */
  | { readonly kind: 'truncate' }
  /** The server does it, and this is awaited before the answer goes back: the moment for another fault. */
  | { readonly kind: 'answered'; readonly then: () => Promise<void> }
  /** Awaited before the call is passed on. */
  | { readonly kind: 'before'; readonly then: () => Promise<void> }
  /** Of a bulk PUT, only rows that pass reach the server; the others are answered as refused. */
  | { readonly kind: 'refuse rows'; readonly refuses: (row: unknown) => boolean; readonly message: string };

/** An HTTP proxy before a catalog that tests break calls with. */
export interface FaultProxy {
  /** `http://127.0.0.1:PORT`; stays the same when the target changes. */
  readonly url: string;
  readonly calls: readonly ProxiedCall[];
  /** Where calls go from now on; call numbers start anew, faults are off. */
  reset(target: string): void;
  /** Asked for every call; undefined passes it on. */
  onCall(fault: (call: ProxiedCall) => ProxyFault | undefined): void;
  close(): Promise<void>;
}

export async function startFaultProxy(): Promise<FaultProxy> {
  let target = '';
  let calls: ProxiedCall[] = [];
  let faultOf: (call: ProxiedCall) => ProxyFault | undefined = () => undefined;
  const server = createServer((request, response) => {
    const call = {
      n: calls.length + 1,
      method: request.method ?? '',
      path: request.url ?? '',
      authorization: request.headers.authorization ?? '',
    };
    calls.push(call);
    void handle(target, request, response, faultOf(call)).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    get calls() {
      return calls;
    },
    reset: (to) => {
      target = to;
      calls = [];
      faultOf = () => undefined;
    },
    onCall: (fault) => {
      faultOf = fault;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function handle(
  target: string,
  request: IncomingMessage,
  response: ServerResponse,
  fault: ProxyFault | undefined
): Promise<void> {
  const body = await bodyOf(request);
  switch (fault?.kind) {
    case 'status':
      response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers });
      response.end(JSON.stringify({ code: fault.status, message: `the proxy says ${fault.status}` }));
      return;
    case 'no backend':
      response.writeHead(404, { 'content-type': 'text/html' }).end('<html>404 page not found</html>');
      return;
    case 'made up':
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(fault.body));
      return;
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, fault.ms));
      return answer(response, await pass(target, request, body));
    case 'before':
      await fault.then();
      return answer(response, await pass(target, request, body));
    case 'answered': {
      const passed = await pass(target, request, body);
      await fault.then();
      return answer(response, passed);
    }
    case 'reset after commit':
      await pass(target, request, body);
      request.socket.resetAndDestroy();
      return;
    case 'truncate': {
      const passed = await pass(target, request, body);
      response.writeHead(passed.status, { ...passed.headers, 'content-length': String(passed.body.length) });
      response.write(passed.body.subarray(0, Math.floor(passed.body.length / 2)), () => request.socket.destroy());
      return;
    }
    case 'refuse rows':
      return refuseRows(target, request, response, body, fault);
    case undefined:
      return answer(response, await pass(target, request, body));
  }
}

async function refuseRows(
  target: string,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  { refuses, message }: Extract<ProxyFault, { kind: 'refuse rows' }>
): Promise<void> {
  const rows = JSON.parse(body.toString('utf8')) as unknown[];
  const refused = rows.filter(refuses);
  const passed = await pass(target, request, Buffer.from(JSON.stringify(rows.filter((row) => !refuses(row)))));
  const result = JSON.parse(passed.body.toString('utf8')) as { failedRequest?: unknown[] };
  const failedRequest = [
    ...(result.failedRequest ?? []),
    ...refused.map((row) => ({ request: fqnOf(row), status: 400, message })),
  ];
  const changed = Buffer.from(JSON.stringify({ ...result, status: 'partialSuccess', failedRequest }));
  answer(response, { ...passed, body: changed });
}

function fqnOf(row: unknown): string {
  const { name, databaseSchema } = row as { name: string; databaseSchema: string };
  return `${databaseSchema}.${name}`;
}

interface Passed {
  readonly status: number;
  readonly headers: Record<string, string | string[]>;
  readonly body: Buffer;
}

function pass(target: string, request: IncomingMessage, body: Buffer): Promise<Passed> {
  const headers = without(request.headers, ['host', 'content-length', 'transfer-encoding']);
  return new Promise((resolve, reject) => {
    const onward = send(
      `${target}${request.url ?? ''}`,
      { method: request.method, headers: { ...headers, 'content-length': String(body.length) } },
      (reply) => {
        bodyOf(reply)
          .then((bytes) => {
            const kept = without(reply.headers, ['content-length', 'transfer-encoding', 'connection']);
            resolve({ status: reply.statusCode ?? 0, headers: kept, body: bytes });
          })
          .catch(reject);
      }
    );
    onward.once('error', reject);
    onward.end(body);
  });
}

function without(headers: IncomingMessage['headers'], names: readonly string[]): Record<string, string | string[]> {
  const kept = Object.entries(headers).filter(
    (entry): entry is [string, string | string[]] => entry[1] !== undefined && !names.includes(entry[0])
  );
  return Object.fromEntries(kept);
}

function answer(response: ServerResponse, { status, headers, body }: Passed): void {
  const bodiless = status === 204 || status === 304;
  response.writeHead(status, bodiless ? headers : { ...headers, 'content-length': String(body.length) });
  response.end(bodiless ? undefined : body);
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
