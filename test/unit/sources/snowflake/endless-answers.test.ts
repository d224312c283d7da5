import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { IngestionError } from '../../../../src/errors/index.js';
import { openSnowflakeMetadata } from '../../../../src/sources/snowflake/metadata.js';
import { configWith, recordedContext } from './fake-driver.js';

/** A MiB of spaces, packed: an answer of such parts has no end, and costs its server nothing. */
const PART = gzipSync(Buffer.alloc(1024 * 1024, ' '));
const LOGGED_IN = { success: true, code: null, message: null, data: { token: 't', masterToken: 'm', parameters: [] } };

describe('A Snowflake server whose answer never ends', () => {
  let server: Server;
  let endless: RegExp;
  let hungUp: Promise<void>;
  let hangUp: () => void;

  before(async () => {
    server = createServer((request, response) => {
      response.writeHead(200, {
        'content-type': 'application/json',
        ...(endless.test(request.url ?? '') ? { 'content-encoding': 'gzip' } : {}),
      });
      if (!endless.test(request.url ?? '')) return void response.end(JSON.stringify(LOGGED_IN));
      const go = (): void => {
        while (!response.destroyed && response.write(PART));
      };
      response.on('close', hangUp).on('drain', go);
      go();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  for (const [what, path] of [
    ['to the log-in', /login-request/],
    ['to a statement', /query-request/],
  ] as const)
    it(`is cut off before it fills the memory: ${what}`, async () => {
      endless = path;
      hungUp = new Promise((resolve) => (hangUp = resolve));
      const { port } = server.address() as AddressInfo;
      const way = { host: '127.0.0.1', port, protocol: 'http', login_timeout: 1, network_timeout: 1 };
      const failure: unknown = await openSnowflakeMetadata(
        configWith({ connectionArguments: way }),
        recordedContext()
      ).catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(IngestionError);
      // nobody waits for it any more; it came on nevertheless
      await hungUp;
    });
});
