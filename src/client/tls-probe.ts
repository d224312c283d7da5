import { connect as connectTls } from 'node:tls';
import { certificateFault } from '../tls/index.js';
import type { TemporalSettings } from './temporal-settings.js';

/** Of the whole handshake. */
const PROBE_MS = 5_000;
const CLIENT_CERTIFICATE =
  'the server ends the TLS handshake: most often it asks for a client certificate, or does not trust the one it got. ' +
  'Set TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH';

/** Why TLS with Temporal fails, which gRPC doesn't say; undefined when it doesn't fail or isn't used. */
export async function tlsFault({ address, connectionOptions }: TemporalSettings): Promise<string | undefined> {
  const { tls } = connectionOptions;
  if (tls === undefined || tls === null || tls === false || !URL.canParse(`tcp://${address}`)) return undefined;
  const { hostname, port } = new URL(`tcp://${address}`);
  const { serverRootCACertificate: ca, clientCertPair: pair, serverNameOverride: name } = tls === true ? {} : tls;
  const outcome = await new Promise<unknown>((done) => {
    const socket = connectTls({
      host: hostname.replace(/[[\]]/g, ''),
      port: Number(port),
      ALPNProtocols: ['h2'],
      ...(ca === undefined ? {} : { ca: Buffer.from(ca) }),
      ...(pair === undefined ? {} : { cert: Buffer.from(pair.crt), key: Buffer.from(pair.key) }),
      ...(name === undefined || name === null ? {} : { servername: name }),
    });
    // an HTTP/2 server speaks first; one that misses a certificate leaves without a word
    socket
      .once('data', () => done('fine'))
      .once('error', done)
      .once('close', () => done('closed'));
    socket.setTimeout(PROBE_MS, () => done('silent'));
    socket.once('data', () => socket.destroy()).once('timeout', () => socket.destroy());
  });
  if (outcome === 'closed') return CLIENT_CERTIFICATE;
  const fault = certificateFault(outcome);
  if (fault !== undefined) return `its certificate ${fault.text}. ${forTemporal(fault.remedy)}`;
  const code = outcome instanceof Error && 'code' in outcome ? String(outcome.code) : '';
  if (/^ERR_SSL_.*ALERT/.test(code)) return `${CLIENT_CERTIFICATE} (${code})`;
  if (/^(EPROTO|ERR_SSL_)/.test(code))
    return `it does not speak TLS (${code}). Take TEMPORAL_TLS and TEMPORAL_API_KEY away, or correct the port`;
  return undefined;
}

function forTemporal(remedy: string): string {
  return remedy.replace('sslConfig.caCertificate', 'TEMPORAL_TLS_SERVER_CA_CERT_PATH').replace(/\.$/, '');
}
