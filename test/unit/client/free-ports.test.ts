import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { expect } from 'chai';
import { freePortLike, freePorts } from '../../../src/client/temporal-server/index.js';

describe('Free ports', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });
  const listen = async (port: number): Promise<void> => {
    const server = createServer().listen(port, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
  };

  it('are different, can be listened on, and are none that a system gives to outgoing connections', async () => {
    const ports = await freePorts(50);
    expect(new Set(ports)).to.have.property('size', 50);
    for (const port of ports) {
      expect(port).to.be.within(20_000, 32_767);
      await listen(port);
    }
  });

  it('are the preferred one when it is free, another when somebody listens there', async () => {
    const [port = 0] = await freePorts(1);
    expect(await freePortLike(port)).to.equal(port);
    await listen(port);
    expect(await freePortLike(port)).not.to.equal(port);
  });

  it('of an address that is not of this machine are an error, not an endless search', async () => {
    const error = await freePorts(1, '192.0.2.1').catch((reason: unknown) => reason);
    expect(error).to.have.property('code', 'EADDRNOTAVAIL');
  });
});
