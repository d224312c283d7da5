import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect } from 'chai';
import { prepareMetadata } from '../../../src/activities/metadata/prepare-metadata.js';
import { AuthenticationError } from '../../../src/errors/index.js';

/** PostgreSQL's words for a refused log-in. */
const REFUSED = Buffer.from('SFATAL\0C28P01\0Mpassword authentication failed for user "u"\0\0');

describe('A password that the source refuses at the start of a metadata run', () => {
  it('ends it as a refused log-in, so that a secret that was changed meanwhile is read again', async () => {
    const length = Buffer.from([0, 0, 0, 4 + REFUSED.length]);
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => void socket.write(Buffer.concat([Buffer.from('E'), length, REFUSED])));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const config = { username: 'u', authType: { password: 'p' }, hostPort: `127.0.0.1:${port}`, database: 'd' };
    const run = {
      shared: {
        connections: { ofService: async () => ({ type: 'postgres', config: { ...config, sslMode: 'disable' } }) },
      },
      staged: {},
      recipe: { source: { type: 'postgres', serviceName: 's', sourceConfig: { config: {} } } },
      identity: { kind: 'metadata', pipelineRunId: 'r' },
      context: { signal: new AbortController().signal },
    } as unknown as Parameters<typeof prepareMetadata.prepare>[0];
    const failure: unknown = await prepareMetadata.prepare(run).catch((error: unknown) => error);
    server.close();
    expect(failure).to.be.instanceOf(AuthenticationError).and.to.include({ where: 'source.serviceConnection' });
    expect(String(failure)).to.contain('connection: PostgreSQL at 127.0.0.1');
  });
});
