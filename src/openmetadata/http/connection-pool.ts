import { Pool, ProxyAgent, type Dispatcher } from 'undici';
import { LONGEST_SILENCE_MS } from '../../contract/waits.js';
import { readTlsMaterial } from '../../tls/index.js';
import { proxyFor, type ProxySettings } from './proxy-settings.js';

export type VerifySsl = 'no-ssl' | 'ignore' | 'validate';

export interface PoolOptions {
  /**
   * `no-ssl` (default): certificates of https addresses are checked against the system's authorities. `ignore`: not
   * checked. `validate`: checked against `caCertificate`, or the system's authorities without one.
   */
  readonly verifySSL?: VerifySsl;
  /** Each is PEM text or the path of a PEM file: the authorities to trust, and a client certificate with its key. */
  readonly sslConfig?: { readonly caCertificate?: string; readonly sslCertificate?: string; readonly sslKey?: string };
  /** HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY; process.env when absent. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Default 10,000. */
  readonly connectTimeoutMs?: number;
  /** Longest silence while waiting for an answer or within it. Default 300,000. */
  readonly readTimeoutMs?: number;
  /** Most connections; other calls queue. Default 16. */
  readonly connections?: number;
}

/** The connections to one server, and what messages say about the way to it. */
export interface ConnectionPool {
  readonly dispatcher: Dispatcher;
  readonly proxy?: ProxySettings;
  /** Whether the recipe names the authorities itself. */
  readonly ownCa: boolean;
}

/**
 * Idle connections are dropped before usual servers (30 s) and proxies (15 s) drop them: a call on a dead one would be
 * a reset.
 */
const KEEP_ALIVE_MS = 10_000;
const TCP_KEEP_ALIVE_DELAY_MS = 60_000;
/** How long a proxy may take to open a tunnel: it gives its own connection attempt about a minute. */
const TUNNEL_MS = 75_000;
const MAX_ANSWER_BYTES = 128 * 1024 * 1024;
const SSL_CONFIG = 'workflowConfig.openMetadataServerConfig.sslConfig';

/** @throws PermanentError when a certificate, a key or the proxy can't be used */
export function openPool(origin: string, options: PoolOptions): ConnectionPool {
  const {
    verifySSL = 'no-ssl',
    connectTimeoutMs = 10_000,
    readTimeoutMs = LONGEST_SILENCE_MS,
    connections = 16,
  } = options;
  const { caCertificate: ca, sslCertificate: certificate, sslKey: key } = options.sslConfig ?? {};
  const material = readTlsMaterial(
    {
      ...(ca === undefined || verifySSL !== 'validate' ? {} : { ca }),
      ...(certificate === undefined ? {} : { certificate }),
      ...(key === undefined ? {} : { key }),
    },
    SSL_CONFIG
  );
  const socket = {
    timeout: connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelay: TCP_KEEP_ALIVE_DELAY_MS,
  };
  const tls = { ...socket, rejectUnauthorized: verifySSL !== 'ignore', ...material };
  const shared = {
    connections,
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: readTimeoutMs,
    bodyTimeout: readTimeoutMs,
    maxResponseSize: MAX_ANSWER_BYTES,
  };
  const ownCa = material.ca !== undefined;
  const proxy = proxyFor(origin, options.environment);
  if (proxy === undefined) return { dispatcher: new Pool(origin, { ...shared, connect: tls }), ownCa };
  const dispatcher = new ProxyAgent({
    ...shared,
    uri: proxy.origin,
    ...(proxy.authorization === undefined ? {} : { token: proxy.authorization }),
    // plain HTTP calls are sent to the proxy itself, as Python's client does: many proxies only open tunnels to port
    // 443
    proxyTunnel: false,
    // for the server at the other end of a tunnel; the proxy's own certificate is checked against the system's
    // authorities
    requestTls: tls,
    proxyTls: socket,
    factory: (url, given) => new Pool(url, { ...shared, ...given }),
    clientFactory: (url, given) => new Pool(url, { ...given, headersTimeout: TUNNEL_MS }),
  });
  return { dispatcher, proxy, ownCa };
}
