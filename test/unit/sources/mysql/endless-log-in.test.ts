import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect } from 'chai';
import { PermanentError, TransientError } from '../../../../src/errors/index.js';
import { findSource } from '../../../../src/sources/index.js';
import { countingContext } from '../../../conformance/metadata-source.js';

/** Runs one log-in against a server that does this with each connection; tells how it failed, and closed sockets. */
async function failedLogIn(serve: (socket: Socket) => void, connectTimeout = 10): Promise<[unknown, Promise<void>]> {
  let isClosed: Promise<void> = Promise.reject(new Error('nobody came'));
  isClosed.catch(() => undefined);
  const server = createServer((socket) => {
    isClosed = new Promise((resolve) => socket.on('close', () => resolve()));
    socket.on('error', () => undefined);
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const config = {
      username: 'u',
      authType: { password: 'x' },
      hostPort: `127.0.0.1:${port}`,
      connectionArguments: { connect_timeout: connectTimeout },
    };
    const failure: unknown = await findSource('mysql')
      .openMetadata(config, countingContext())
      .catch((error: unknown) => error);
    return [failure, isClosed];
  } finally {
    server.close();
  }
}

/** As a MySQL 8.0 without TLS sends it. */
function greeting(): Buffer {
  const body = Buffer.concat([
    Buffer.from('\x0a8.0.36\0\x01\0\0\0abcdefgh\0\x09\x82\x2d\x02\0\x08\0\x15', 'latin1'),
    Buffer.alloc(10),
    Buffer.from('ijklmnopqrst\0mysql_native_password\0'),
  ]);
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  return Buffer.concat([head, body]);
}

describe('A MySQL server that ends no log-in', () => {
  const servers: readonly (readonly [what: string, serve: (socket: Socket) => void])[] = [
    ['is silent after the first byte of its greeting', (socket) => socket.write(greeting().subarray(0, 1))],
    ['is silent after its greeting', (socket) => socket.write(greeting())],
    [
      'trickles',
      (socket) => {
        const rest = [...greeting()];
        const drip = setInterval(() => {
          const byte = rest.shift();
          if (byte === undefined || socket.destroyed) clearInterval(drip);
          else socket.write(Buffer.of(byte));
        }, 50);
      },
    ],
    [
      'asks for another password for ever',
      (socket) => {
        socket.write(greeting());
        const again = Buffer.from('\x2c\0\0\0\xfemysql_native_password\0abcdefghijklmnopqrst\0', 'latin1');
        socket.on('data', (data) => {
          again.writeUInt8(((data[3] ?? 0) + 1) % 256, 3);
          setTimeout(() => socket.write(again), 20);
        });
      },
    ],
  ];
  for (const [what, serve] of servers) {
    it(`and ${what} is left after the time for a log-in, with its socket closed`, async () => {
      const [failure, isClosed] = await failedLogIn((socket) => {
        serve(socket);
        socket.resume();
      }, 0.4);
      expect(failure).to.be.instanceOf(TransientError);
      expect(String(failure)).to.match(
        /did not answer in time: waited 0.4 s for the end of the log-in, of which \d+ bytes came/
      );
      await isClosed;
    });
  }
});

describe('A MySQL server whose greeting never ends', () => {
  it('is cut off before it fills the memory', async () => {
    // parts of one packet, each of the greatest length
    const part = Buffer.alloc(4 + 0xffffff, 'x');
    part.writeUIntLE(0xffffff, 0, 3);
    const [failure] = await failedLogIn((socket) => {
      const go = (): void => {
        while (!socket.destroyed && socket.write(part));
      };
      socket.on('drain', go);
      go();
    });
    expect(failure).to.be.instanceOf(PermanentError);
    expect(String(failure)).to.include('The server sent more than 128 MiB for a log-in.');
  });
});
