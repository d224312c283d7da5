import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface HostileServer {
  readonly port: number;
  close(): void;
}

const MEBIBYTE = 1024 * 1024;

/**
 * Speaks as much of PostgreSQL's protocol as it takes to be asked, and then answers without end: one row, or row after
 * row.
 */
export async function startEndlessPostgres(how: 'one row' | 'rows'): Promise<HostileServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    let asked = 0;
    socket.on('data', (data) => {
      // 80877103 asks for TLS.
      if (asked === 0 && data.length === 8 && data.readInt32BE(4) === 80877103) return void socket.write('N');
      asked += 1;
      if (asked === 1) socket.write(Buffer.concat([message('R', integer(0)), message('Z', Buffer.from('I'))]));
      else if (asked === 2) {
        // whether the request for rows came with the statement or comes after it
        socket.write(Buffer.concat([message('1'), message('2'), ROW_DESCRIPTION]));
        flood(socket, how);
      }
    });
  });
  const port = await listen(server);
  return {
    port,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** An OpenMetadata whose every answer is an error with a text of 5 MB. */
export function startTalkativeCatalog(): Promise<HostileServer> {
  return startCatalog(400, JSON.stringify({ code: 400, message: 'no '.repeat(5_000_000 / 3) }));
}

/** An OpenMetadata whose every answer is 120 MB of lists in lists. */
export function startNestedCatalog(): Promise<HostileServer> {
  return startCatalog(200, `{"version": ${'['.repeat(60_000_000)}${']'.repeat(60_000_000)}}`);
}

async function startCatalog(status: number, body: string): Promise<HostileServer> {
  const bytes = Buffer.from(body);
  const server = createHttpServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(bytes);
  });
  const port = await listen(server);
  return {
    port,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function flood(socket: Socket, how: 'one row' | 'rows'): void {
  const text = Buffer.alloc(MEBIBYTE, 'x');
  const row = message('D', Buffer.concat([short(1), integer(text.length), text]));
  // A message of a GiB, of one column.
  const head = Buffer.concat([Buffer.from('D'), integer(1024 * MEBIBYTE), short(1), integer(1024 * MEBIBYTE - 10)]);
  if (how === 'one row') socket.write(head);
  const go = (): void => {
    while (!socket.destroyed && socket.write(how === 'rows' ? row : text));
  };
  socket.on('drain', go);
  go();
}

function message(kind: string, body: Buffer = Buffer.alloc(0)): Buffer {
  return Buffer.concat([Buffer.from(kind), integer(body.length + 4), body]);
}

function integer(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function short(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

/** One column of type text. */
const ROW_DESCRIPTION = message(
  'T',
  Buffer.concat([
    short(1),
    Buffer.from('version\0'),
    integer(0),
    short(0),
    integer(25),
    short(-1),
    integer(-1),
    short(0),
  ])
);

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
