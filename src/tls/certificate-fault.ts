/** What is wrong between two ends of TLS, said so that people know which end to mend. */
export interface TlsFault {
  /** Behind `The certificate of X`, or behind the server's name: `has expired`. */
  readonly text: string;
  readonly remedy: string;
}

const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  // an authority of the right name with another key
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'INVALID_CA',
]);
/** Of names in a certificate; a wildcard certificate of a CDN has hundreds. */
const LONGEST_NAMES = 200;

/**
 * The fault behind an error of a TLS handshake; undefined when it is none of the server's certificate.
 * @param ownCa whether the recipe names the authorities itself
 */
export function certificateFault(error: unknown, ownCa: boolean): TlsFault | undefined {
  const code = codeOf(error);
  if (UNTRUSTED.has(code)) {
    return {
      text: `is not trusted: it is signed by none of the authorities ${ownCa ? 'in caCertificate' : "that this worker's system knows"} (${code})`,
      remedy: ownCa
        ? 'Put the certificate of the authority that signed it into caCertificate.'
        : 'Name the authority that signed it in sslConfig.caCertificate.',
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

function codeOf(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && at.code !== '') return at.code;
  }
  return '';
}

function namesOf(error: unknown): string {
  const cert: unknown = error instanceof Error && 'cert' in error ? error.cert : undefined;
  if (typeof cert !== 'object' || cert === null || !('subjectaltname' in cert)) return '';
  const names = String(cert.subjectaltname).replaceAll(/(DNS|IP Address):/g, '');
  return names.length <= LONGEST_NAMES ? names : `${names.slice(0, LONGEST_NAMES - 1)}…`;
}
