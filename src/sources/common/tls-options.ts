import { isIP } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { PermanentError } from '../../errors/index.js';
import { readTlsMaterial, type TlsMaterial, type TlsPlaces } from '../../tls/index.js';
import type { SslConfig } from './config-parts.js';

/** PEM or paths of PEM files, as in the recipe. */
export interface TlsArguments extends TlsPlaces {
  readonly enabled?: boolean;
  readonly verifyCertificate?: boolean;
  readonly verifyIdentity?: boolean;
}

/**
 * What drivers take, by the names of Node's own `tls.connect`, and whether the certificate must match the host's name.
 */
export interface TlsOptions extends TlsMaterial {
  readonly rejectUnauthorized: boolean;
  readonly verifyIdentity: boolean;
}

export interface TlsSettings {
  readonly options: TlsOptions;
  /**
   * An IP address, whose certificate the driver can't check by name: it is checked after the handshake by
   * `checkIpIdentity`.
   */
  readonly ipToCheck?: string;
}

/**
 * TLS as requested by the recipe: on when a CA, certificate or key is given (sslConfig or arguments) or `ssl: true`.
 * The server's certificate is verified, and its name too, unless the recipe disables that. Without a CA the operating
 * system's and Node's authorities are trusted.
 * @returns undefined when the recipe doesn't ask for TLS.
 * @throws PermanentError for a certificate or key that can't be used
 */
export function tlsSettings(host: string, tls: TlsArguments): TlsSettings | undefined {
  const anyMaterial = tls.ca !== undefined || tls.certificate !== undefined || tls.key !== undefined;
  if (tls.enabled === false || (tls.enabled === undefined && !anyMaterial)) return undefined;
  const verifyCertificate = tls.verifyCertificate ?? true;
  const verifyIdentity = verifyCertificate && (tls.verifyIdentity ?? true);
  const isAddress = isIP(host) !== 0;
  return {
    options: {
      rejectUnauthorized: verifyCertificate,
      verifyIdentity: verifyIdentity && !isAddress,
      ...readTlsMaterial(tls, 'source.serviceConnection.config.sslConfig'),
    },
    ...(verifyIdentity && isAddress ? { ipToCheck: host } : {}),
  };
}

/** The certificates of a recipe's sslConfig. */
export function tlsMaterial(config: SslConfig = {}): Pick<TlsArguments, 'ca' | 'certificate' | 'key'> {
  return {
    ...(config.caCertificate === undefined ? {} : { ca: config.caCertificate }),
    ...(config.sslCertificate === undefined ? {} : { certificate: config.sslCertificate }),
    ...(config.sslKey === undefined ? {} : { key: config.sslKey }),
  };
}

/**
 * The name check for hosts given as an IP address: the driver would compare the certificate with "localhost".
 * @throws PermanentError when the certificate isn't made for `address`.
 */
export function checkIpIdentity(engine: string, address: string, certificate: PeerCertificate): void {
  const error = checkServerIdentity(address, certificate);
  if (error === undefined) return;
  throw new PermanentError(
    `The TLS certificate of ${engine} at ${address} is not made for that address: ${error.message}`,
    {
      remedy: 'Use the host name that is in the certificate in hostPort.',
    }
  );
}
