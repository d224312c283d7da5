import { X509Certificate, createPrivateKey, type KeyObject } from 'node:crypto';
import { PermanentError } from '../errors/index.js';
import { FileRefused, readRegularFileSync } from '../reach/index.js';

/**
 * Certificates and keys for one server, each as PEM text (line ends may be written as `\n`) or as the path of a PEM
 * file on the worker.
 */
export interface TlsPlaces {
  /** Authorities to trust instead of the system's. */
  readonly ca?: string;
  /** Client certificate, with its chain. */
  readonly certificate?: string;
  /** Private key of the client certificate. */
  readonly key?: string;
  /** Of the private key. */
  readonly passphrase?: string;
}

/** PEM under the names of Node's TLS options. */
export interface TlsMaterial {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
}

const KEYS = { ca: 'caCertificate', certificate: 'sslCertificate', key: 'sslKey' } as const;
const REMEDY = 'Give the text from -----BEGIN to -----END, or the path of such a file on the worker.';
/** Bytes: a bundle of all authorities of a system has about 200 KiB; a key is as long as any secret may be. */
const LARGEST = { ca: 2 * 1024 * 1024, certificate: 2 * 1024 * 1024, key: 64 * 1024 } as const;
const CERTIFICATES = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^-]*-----END (?:TRUSTED )?CERTIFICATE-----/g;

/**
 * Reads what the recipe names and makes sure that TLS works with it: Node itself would skip a CA that it can't read,
 * and then call every server untrusted.
 * @param at dotted path of sslConfig in the recipe, for messages
 * @throws PermanentError naming the key and what is wrong with it, never its content
 */
export function readTlsMaterial(places: TlsPlaces, at: string): TlsMaterial {
  const [ca, cert, key] = [pem('ca', places, at), pem('certificate', places, at), pem('key', places, at)];
  if (ca !== undefined) checkCertificates(ca, `${at}.${KEYS.ca}`);
  if (cert !== undefined) checkCertificates(cert, `${at}.${KEYS.certificate}`);
  if ((cert === undefined) !== (key === undefined)) {
    const [given, missing] = cert === undefined ? [KEYS.key, KEYS.certificate] : [KEYS.certificate, KEYS.key];
    throw new PermanentError(`sslConfig has ${given} without ${missing}: a client certificate needs both.`, {
      where: at,
      remedy: `Add ${missing}, or remove ${given}.`,
    });
  }
  if (cert !== undefined && key !== undefined) checkPair(cert, key, places.passphrase, at);
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(places.passphrase === undefined ? {} : { passphrase: places.passphrase }),
  };
}

function pem(name: keyof typeof KEYS, places: TlsPlaces, at: string): string | undefined {
  const given = places[name]?.trim();
  if (given === undefined || given === '') return undefined;
  if (given.includes('-----BEGIN')) return given.replaceAll('\\n', '\n');
  // text that isn't PEM may be a key without its first line: it isn't repeated
  const isPath = given.length < 1_000 && /^[\w~ .:/\\-]+$/.test(given) && name !== 'key';
  try {
    return readRegularFileSync(given, LARGEST[name]).toString('utf8');
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    throw new PermanentError(
      isPath
        ? `${KEYS[name]} names the file ${given}, which ${error.message}.`
        : `${KEYS[name]} is neither a PEM text nor a file: it ${error.message}.`,
      { where: `${at}.${KEYS[name]}`, remedy: REMEDY }
    );
  }
}

function checkCertificates(text: string, where: string): void {
  const found = text.match(CERTIFICATES) ?? [];
  const readable = found.every((one) => certificateOf(one) !== undefined);
  if (found.length > 0 && readable) return;
  const key = where.slice(where.lastIndexOf('.') + 1);
  const what = found.length === 0 ? 'holds no certificate' : 'holds a certificate that is damaged';
  throw new PermanentError(`${key} ${what}.`, { where, remedy: REMEDY });
}

function certificateOf(text: string): X509Certificate | undefined {
  try {
    return new X509Certificate(text);
  } catch {
    return undefined;
  }
}

function checkPair(cert: string, key: string, passphrase: string | undefined, at: string): void {
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey({ key, ...(passphrase === undefined ? {} : { passphrase }) });
  } catch (error) {
    const encrypted = error instanceof Error && 'code' in error && error.code === 'ERR_MISSING_PASSPHRASE';
    const message = encrypted ? 'is encrypted, and there is no passphrase for it' : 'holds no private key';
    throw new PermanentError(`${KEYS.key} ${message}.`, {
      where: `${at}.${KEYS.key}`,
      remedy: encrypted ? 'Give the key without a passphrase, in a place that only the worker can read.' : REMEDY,
    });
  }
  if (certificateOf(cert)?.checkPrivateKey(privateKey) === true) return;
  throw new PermanentError(`${KEYS.key} is not the private key of ${KEYS.certificate}.`, {
    where: at,
    remedy: 'Give the certificate and the key that were made together.',
  });
}
