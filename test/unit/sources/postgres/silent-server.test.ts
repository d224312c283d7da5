import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import { TransientError } from '../../../../src/errors/index.js';
import { postgresConnectionConfig } from '../../../../src/sources/postgres/config.js';
import { PostgresSession } from '../../../../src/sources/postgres/session.js';
import { postgresSettings } from '../../../../src/sources/postgres/settings.js';
import { countingContext } from '../../../conformance/metadata-source.js';

/** "You are logged in" and "I wait for your statement". */
const LOGGED_IN = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]);

describe('A PostgreSQL server that says nothing after the log-in', () => {
  let server: Server;
  let sockets: Socket[];

  beforeEach(async () => {
    sockets = [];
    server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.once('data', () => socket.write(LOGGED_IN));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    sockets.forEach((socket) => socket.destroy());
    server.close();
  });

  it('is given up at the limit of a statement, without another connection to end what has not begun', async () => {
    const { port } = server.address() as AddressInfo;
    const config = { username: 'u', authType: { password: 'x' }, hostPort: `127.0.0.1:${port}`, database: 'd' };
    const settings = await postgresSettings(postgresConnectionConfig.parse({ ...config, sslMode: 'disable' }));
    const failure: unknown = await PostgresSession.open(
      { ...settings, statementTimeoutMs: 1 },
      countingContext(),
      'd'
    ).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(TransientError);
    expect(String(failure)).to.include('1001 ms');
    expect(sockets).to.have.length(1);
  });
});
