import { beginning } from '../errors/index.js';

/** What is wrong between two ends of TLS, worded so that people know which end to fix. */
export interface TlsFault {
  /** After `The certificate of X`, or after the server's name: `has expired`. */
  readonly text: string;
  readonly remedy: string;
}

const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  // an authority with the right name but another key
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'INVALID_CA',
]);
/** Database drivers keep the message and lose the code. */
const BY_WORDS: readonly (readonly [words: RegExp, code: string])[] = [
  [/self-signed certificate in certificate chain/, 'SELF_SIGNED_CERT_IN_CHAIN'],
  [/self-signed certificate/, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  [/unable to get (?:local )?issuer certificate/, 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
  [/unable to verify the first certificate/, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  [/certificate signature failure/, 'CERT_SIGNATURE_FAILURE'],
  [/certificate has expired/, 'CERT_HAS_EXPIRED'],
  [/certificate is not yet valid/, 'CERT_NOT_YET_VALID'],
  [/Hostname\/IP does not match certificate's altnames/, 'ERR_TLS_CERT_ALTNAME_INVALID'],
];
const NAMES_IN_WORDS = /is not in the cert's (?:altnames|list): (.*)$/s;
/** Names of a certificate in a message; a CDN's wildcard certificate has hundreds. */
const LONGEST_NAMES = 200;

/**
 * The certificate fault that caused a TLS handshake's error; undefined when it isn't about the server's certificate.
 * @param ownCa whether the recipe names the authorities itself; absent: not known
 */
export function certificateFault(error: unknown, ownCa?: boolean): TlsFault | undefined {
  const code = codeOf(error);
  if (UNTRUSTED.has(code)) {
    return {
      text: `is not trusted: it is signed by none of the authorities ${authoritiesOf(ownCa)} (${code})`,
      remedy: authorityRemedy(ownCa),
    };
  }
  if (code === 'CERT_HAS_EXPIRED') {
    return {
      text: `has expired (${code}; on this worker it is ${new Date().toISOString().slice(0, 16)}Z)`,
      remedy: 'Renew the certificate on the server, and those of its authorities; or set the clock of this worker.',
    };
  }
  if (code === 'CERT_NOT_YET_VALID') {
    return {
      text: `is not valid yet (${code}; on this worker it is ${new Date().toISOString().slice(0, 16)}Z)`,
      remedy: 'Set the clock of this worker, or of the host that made the certificate.',
    };
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = namesOf(error);
    return {
      text: `is made for ${names === '' ? 'other names' : names}, not for this host (${code})`,
      remedy: 'Name the host as its certificate does, or have a certificate made for this name.',
    };
  }
  return undefined;
}

function authoritiesOf(ownCa: boolean | undefined): string {
  if (ownCa === undefined) return 'that are trusted here';
  return ownCa ? 'in caCertificate' : "that this worker's system knows";
}

function authorityRemedy(ownCa: boolean | undefined): string {
  if (ownCa === true) return 'Put the certificate of the authority that signed it into caCertificate.';
  const name = 'Name the authority that signed it in sslConfig.caCertificate';
  return ownCa === undefined ? `${name}, or correct the one that stands there.` : `${name}.`;
}

function codeOf(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { message } = at;
    const known = BY_WORDS.find(([words]) => words.test(message));
    if (known !== undefined) return known[1];
    if ('code' in at && typeof at.code === 'string' && at.code !== '') return at.code;
  }
  return '';
}

function namesOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const cert: unknown = 'cert' in error ? error.cert : undefined;
  const certified =
    typeof cert === 'object' && cert !== null && 'subjectaltname' in cert ? cert.subjectaltname : undefined;
  const names = (
    typeof certified === 'string' ? certified : (NAMES_IN_WORDS.exec(error.message)?.[1] ?? '')
  ).replaceAll(/(DNS|IP Address):/g, '');
  return names.length <= LONGEST_NAMES ? names : `${beginning(names, LONGEST_NAMES - 1)}…`;
}
