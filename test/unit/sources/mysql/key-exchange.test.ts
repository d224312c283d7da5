import { createServer, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import { AuthenticationError } from '../../../../src/errors/index.js';
import { connect } from '../../../../src/sources/mysql/connect.js';
import { mysqlSettings } from '../../../../src/sources/mysql/settings.js';

function packet(sequence: number, body: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  head[3] = sequence;
  return Buffer.concat([head, body]);
}

/** Asks for a login by this plugin. */
function switchTo(plugin: string): Buffer {
  return Buffer.concat([Buffer.from([0xfe]), Buffer.from(`${plugin}\0`), Buffer.alloc(20, 66), Buffer.from([0])]);
}

/** The greeting of a server that logs in by this plugin and speaks no TLS (protocol 10). */
function greeting(plugin: string): Buffer {
  const scramble = Buffer.alloc(20, 65);
  const flags = 0x0008_8200 | 0x1;
  const low = Buffer.alloc(2);
  low.writeUInt16LE(flags & 0xffff);
  const high = Buffer.alloc(2);
  high.writeUInt16LE(flags >>> 16);
  return Buffer.concat([
    Buffer.from([10]),
    Buffer.from('8.0.36\0'),
    Buffer.from([1, 0, 0, 0]),
    scramble.subarray(0, 8),
    Buffer.from([0]),
    low,
    Buffer.from([45, 2, 0]),
    high,
    Buffer.from([21]),
    Buffer.alloc(10),
    scramble.subarray(8),
    Buffer.from([0]),
    Buffer.from(`${plugin}\0`),
  ]);
}

describe('A MySQL server that wants the password encrypted with a key of its own, without TLS', () => {
  let server: Server;
  let plugin = '';
  let asked: number[] = [];
  const sockets = new Set<Socket>();

  before((done) => {
    server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      let answers = 0;
      socket.on('data', (data) => {
        answers += 1;
        const sequence = (data[3] ?? 0) + 1;
        if (answers === 1) socket.write(packet(sequence, switchTo(plugin)));
        else if (answers === 2 && plugin === 'caching_sha2_password')
          socket.write(packet(sequence, Buffer.from([1, 4])));
        else {
          asked.push(data.length);
          socket.destroy();
        }
      });
      socket.write(packet(0, greeting(plugin)));
    }).listen(0, '127.0.0.1', done);
  });
  after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  const login = async (more: Record<string, unknown> = {}): Promise<unknown> => {
    asked = [];
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const config = { type: 'Mysql', username: 'u', authType: { password: 'topsecret' }, hostPort: `127.0.0.1:${port}` };
    const settings = await mysqlSettings({ ...config, ...more } as never);
    return connect(settings, AbortSignal.timeout(10_000)).catch((error: unknown) => error);
  };

  it('is refused before it is asked for its key, with what to do', async () => {
    for (plugin of ['caching_sha2_password', 'sha256_password']) {
      const error = await login();
      expect(error, plugin).to.be.instanceOf(AuthenticationError).with.property('message').that.contains('without TLS');
      expect(asked).to.deep.equal([]);
    }
  });

  it('is asked where the recipe trusts the network', async () => {
    plugin = 'caching_sha2_password';
    await login({ connectionArguments: { get_server_public_key: true } });
    expect(asked).to.deep.equal([5]);
  });
});
