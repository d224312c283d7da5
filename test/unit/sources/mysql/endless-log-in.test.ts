import { createServer, type AddressInfo } from 'node:net';
import { expect } from 'chai';
import { PermanentError } from '../../../../src/errors/index.js';
import { findSource } from '../../../../src/sources/index.js';
import { countingContext } from '../../../conformance/metadata-source.js';

describe('A MySQL server whose greeting never ends', () => {
  it('is cut off before it fills the memory', async () => {
    // parts of one packet, each of the greatest length
    const part = Buffer.alloc(4 + 0xffffff, 'x');
    part.writeUIntLE(0xffffff, 0, 3);
    const server = createServer((socket) => {
      const go = (): void => {
        while (!socket.destroyed && socket.write(part));
      };
      socket.on('error', () => undefined).on('drain', go);
      go();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const config = { username: 'u', authType: { password: 'x' }, hostPort: `127.0.0.1:${port}` };
      const failure: unknown = await findSource('mysql')
        .openMetadata(config, countingContext())
        .catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(PermanentError);
      expect(String(failure)).to.include('The server sent more than 128 MiB for a log-in.');
    } finally {
      server.close();
    }
  });
});
