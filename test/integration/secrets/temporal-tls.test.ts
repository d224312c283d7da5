import { createSecureServer, type Http2SecureServer, type IncomingHttpHeaders } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { createClient, NoTemporalServerError, readTemporalSettings } from '../../../src/index.js';
import { makeAuthority, type Certified, type TestAuthority } from '../../services/certificates.js';
import { runCli, startCli } from '../../services/cli.js';
import { startIngestion, type Ingestion } from '../../services/ingestion.js';
import { startTlsFront, type TlsFront } from '../../services/tls-front.js';

describe('TLS to Temporal', function () {
  this.timeout(240_000);
  let ingestion: Ingestion;
  let authority: TestAuthority;
  let other: TestAuthority;
  let client: Certified;

  before(async () => {
    ingestion = await startIngestion();
    [authority, other] = [makeAuthority(), makeAuthority()];
    client = authority.issue('client', { usage: 'clientAuth' });
  });
  after(async () => {
    authority.remove();
    other.remove();
    await ingestion.stop();
  });

  function front(server: Certified): Promise<TlsFront> {
    const { cert, key } = server;
    return startTlsFront(ingestion.address, {
      cert,
      key,
      ca: authority.ca,
      requestCert: true,
      rejectUnauthorized: true,
    });
  }
  const variables = (port: number, certified: boolean): Record<string, string> => ({
    TEMPORAL_ADDRESS: `localhost:${port}`,
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: authority.caFile,
    ...(certified
      ? { TEMPORAL_TLS_CLIENT_CERT_PATH: client.certFile, TEMPORAL_TLS_CLIENT_KEY_PATH: client.keyFile }
      : {}),
  });
  async function refusal(port: number, certified = true): Promise<string> {
    const error = await createClient({ settings: readTemporalSettings(variables(port, certified)) }).catch(
      (reason: unknown) => reason
    );
    expect(error).to.be.instanceOf(NoTemporalServerError);
    return String(error);
  }

  it('with client certificates serves workers and commands alike, by the variables of the temporal command', async () => {
    const tls = await front(authority.issue('right'));
    const env = { ...ingestion.env, ...variables(tls.port, true) };
    const worker = startCli(['worker'], { env, cwd: ingestion.folder });
    try {
      await worker.until('worker is ready');
      const ofWorker = tls.certified;
      expect(ofWorker).to.be.above(0);
      const { code, stderr } = await runCli(['run', 'shop.yaml', '--quiet', '--id', 'mtls'], {
        env,
        cwd: ingestion.folder,
      });
      expect(code, stderr).to.equal(0);
      expect(tls.certified).to.be.above(ofWorker);
    } finally {
      worker.child.kill('SIGTERM');
      await worker.ended;
      await tls.close();
    }
  });

  it('that fails is told by what is wrong with the certificate: authority, time, name, or that there is none', async () => {
    const cases: [server: Certified, certified: boolean, says: string][] = [
      [other.issue('foreign'), true, 'is signed by none of the authorities'],
      [authority.issue('old', { valid: ['20200101000000Z', '20200102000000Z'] }), true, 'has expired'],
      [authority.issue('elsewhere', { names: 'DNS:temporal.example' }), true, 'is made for temporal.example'],
      [authority.issue('strict'), false, 'TEMPORAL_TLS_CLIENT_CERT_PATH'],
    ];
    const ends = cases.map(async ([server, certified, says]) => {
      const tls = await front(server);
      expect(await refusal(tls.port, certified).finally(() => tls.close())).to.include(says);
    });
    await Promise.all(ends);
    expect(await refusal(Number(ingestion.address.split(':')[1]))).to.include('does not speak TLS');
  });

  it('carries an API key, and a server that refuses it is named with the variable', async () => {
    const seen: IncomingHttpHeaders[] = [];
    const server = await grpcServer(authority.issue('cloud'), (headers) => seen.push(headers));
    try {
      const { port } = server.address() as AddressInfo;
      const env = { ...variables(port, false), TEMPORAL_API_KEY: 'key-of-the-test' };
      const error = await createClient({ settings: readTemporalSettings(env) }).catch((reason: unknown) => reason);
      expect(String(error)).to.include('TEMPORAL_API_KEY').and.to.include('this key is not known');
      expect(String(error)).to.not.include('key-of-the-test');
      expect(seen.map(({ authorization }) => authorization)).to.include('Bearer key-of-the-test');
    } finally {
      server.close();
    }
  });
});

/** Answers getSystemInfo as Temporal would, and refuses everything else for its key. */
async function grpcServer(
  { cert, key }: Certified,
  onCall: (headers: IncomingHttpHeaders) => void
): Promise<Http2SecureServer> {
  const server = createSecureServer({ cert, key });
  server.on('stream', (stream, headers) => {
    onCall(headers);
    stream.on('error', () => undefined);
    const isInfo = String(headers[':path']).endsWith('/GetSystemInfo');
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () =>
      stream.sendTrailers(
        isInfo ? { 'grpc-status': '0' } : { 'grpc-status': '7', 'grpc-message': 'this key is not known' }
      )
    );
    // an empty message of five bytes of frame
    stream.end(isInfo ? Buffer.alloc(5) : undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
