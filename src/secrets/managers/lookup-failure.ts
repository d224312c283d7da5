import { TransientError, type IngestionError } from '../../errors/index.js';
import { unresolved } from '../secret-source.js';

/** Why a manager gave no secret: what the worker's identity lacks, what doesn't exist, or what may pass. */
export type LookupFault = 'login' | 'permission' | 'absent' | 'address' | 'id' | 'transient' | 'other';

/** A look-up that failed, as its manager reports it. */
export interface FailedLookup {
  readonly id: string;
  /** `AWS Secrets Manager in eu-west-1`. */
  readonly place: string;
  readonly fault: LookupFault;
  /** What the manager or its SDK said; the code is enough if the text says nothing more. */
  readonly said: string;
  /** The right needed for reading: `secretsmanager:GetSecretValue`. */
  readonly right: string;
  /** How the worker proves who it is, for a failed login. */
  readonly identity: string;
  /** Settings that say where to look, for when nothing is found. */
  readonly settings: string;
}

const MEANINGS: Readonly<Record<LookupFault, string>> = {
  login: "doesn't accept who the worker says it is",
  permission: 'does not let this worker read it',
  absent: 'has no such secret',
  address: "can't be found",
  id: "doesn't take this for the id of a secret",
  transient: 'gave no answer',
  other: "can't give it",
};

/** Tokens that only the SDKs hold, where a gateway repeats what it was sent. */
const BEARER = /\b(Bearer)\s+[^\s,;"']+/gi;

/** The one form of message for all managers: reference, manager, what is wrong, its own message, what to do. */
export function lookupFailure(lookup: FailedLookup): IngestionError {
  const { id, place, fault } = lookup;
  const said = lookup.said.replace(BEARER, '$1 ***');
  const message = `secret:${id} can't be read: ${place} ${MEANINGS[fault]} (${said.trim().replace(/\.$/, '')}).`;
  if (fault === 'transient') return new TransientError(message);
  return unresolved(`${message} ${remedyOf(lookup)}`);
}

function remedyOf({ fault, right, identity, settings }: FailedLookup): string {
  switch (fault) {
    case 'login':
      return `Give every worker an identity: ${identity}.`;
    case 'permission':
      return `Grant the worker's identity ${right} on it.`;
    case 'absent':
    case 'address':
    case 'id':
      return `Check the id, and where it is looked for: ${settings}.`;
    default:
      return `Check what the worker's identity may do (it needs ${right}), and where it looks: ${settings}.`;
  }
}

/** For files: a key file, or the token file of a role or pod, that doesn't exist or isn't readable for this user. */
const FILE_CODE = /^(ENOENT|EACCES|EPERM|EISDIR|ENOTDIR|ELOOP|ENAMETOOLONG)$/;

/** What Node's codes of files, network and TLS mean for a look-up; undefined for an error without one of them. */
export function networkFault(error: unknown): LookupFault | undefined {
  const code = codeOf(error);
  if (code === 'ENOTFOUND' || code === 'ERR_INVALID_URL') return 'address';
  if (code !== undefined && FILE_CODE.test(code)) return 'login';
  if (code !== undefined && /CERT|SSL|TLS|ISSUER/.test(code)) return 'other';
  if (code !== undefined && /^(E[A-Z]+|EAI_AGAIN|UND_ERR_.*|ABORT_ERR|TimeoutError|AbortError)$/.test(code))
    return 'transient';
  return undefined;
}

/** The `code` of an error or of what caused it. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return error.name;
  return codeOf(error.cause);
}

export function saidBy(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const said = error.message === '' ? error.name : error.message;
  return said.split('\n')[0] ?? said;
}
