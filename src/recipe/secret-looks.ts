import {
  assignsSecret,
  expandVariables,
  isPlainVariable,
  isSecretItself,
  LEAST_SECRET_NUMBER,
  namesSecret,
  setsSecret,
} from '../secrets/index.js';
import type { Findings } from './findings.js';
import { isMapping, pointer, type RecipePath } from './recipe-path.js';
import { REFUSED } from './secret-places.js';

const REFERENCE = /^((file|memory|recipe):\/|secret:)/;
/** A token and a key may be given as the path of a file. */
const PATH = /^(\.{0,2}\/|~)[^\n]*$/;
const MAY_BE_PATH = /(token|key|credentials?|jwt)$/i;
const TEXT_KEY = /^(init_?command|.*connectionstring|dsn|session_?init.*)$/i;
const CONNECTION = /^(serviceConnections?|workflowConfig|\w+FilterPattern)$/;
/** `{name: password, value: …}` */
const NAMING = /^(name|key|option|property)$/i;
const FLAG = /^--?\w/;

/**
 * Refuses what looks like a secret in plain text anywhere in a recipe that is sent, known keys or not: below keys that
 * name secrets, in URLs, in statements that set passwords.
 * @param leaves JSON pointers of the model's own secrets, which were checked already
 */
export function refuseSecretLooks(written: unknown, findings: Findings, leaves: ReadonlySet<string>): void {
  walk(written, [], undefined, { findings, leaves, says: true });
}

/** Masks the same in messages about a recipe that is refused for something else. */
export function hideSecretLooks(written: unknown, findings: Findings): void {
  walk(written, [], undefined, { findings, leaves: new Set(), says: false });
}

interface Looking {
  readonly findings: Findings;
  readonly leaves: ReadonlySet<string>;
  /** Whether each is a problem of its own. */
  readonly says: boolean;
}

/** @param secretKey the key that names a secret, here or above */
function walk(value: unknown, path: RecipePath, secretKey: string | undefined, looking: Looking): void {
  const { leaves } = looking;
  if (Array.isArray(value)) {
    value.forEach((inner, index) => {
      const flag: unknown = value[index - 1];
      const named = typeof flag === 'string' && FLAG.test(flag) && isSecretKey(flag) ? flag : undefined;
      walk(inner, [...path, index], secretKey ?? named, looking);
    });
  } else if (isMapping(value)) {
    const entries = Object.entries(value);
    const named = entries.find(([key, name]) => NAMING.test(key) && typeof name === 'string' && isSecretKey(name));
    for (const [key, inner] of entries) {
      const own = isSecretKey(key) ? key : undefined;
      if (isSecretItself(key) || assignsSecret(key)) refuse(key, path, looking);
      else walk(inner, [...path, key], secretKey ?? own ?? (/^value$/i.test(key) ? named?.[0] : undefined), looking);
    }
  } else if (!leaves.has(pointer(path)) && isSecret(value, path, secretKey)) refuse(String(value), path, looking);
}

function refuse(secret: string, path: RecipePath, { findings, says }: Looking): void {
  if (says) findings.secret(path, secret, true);
  else findings.hide(secret);
  if (says && !findings.has(path)) findings.problem(path, REFUSED);
}

/** Keys about secret managers name the manager. */
function isSecretKey(key: string): boolean {
  return namesSecret(key) && !/^secrets?manager/i.test(key);
}

function isSecret(value: unknown, path: RecipePath, secretKey: string | undefined): boolean {
  if (typeof value === 'number' || typeof value === 'bigint')
    return secretKey !== undefined && value >= LEAST_SECRET_NUMBER;
  if (typeof value !== 'string' || REFERENCE.test(value)) return false;
  // what stands beside a variable, or is its default, is as plain as without it
  const text = withoutVariables(value);
  if (isSecretItself(text)) return true;
  if (secretKey !== undefined) return /\w/.test(text) && !(MAY_BE_PATH.test(secretKey) && PATH.test(text));
  if (TEXT_KEY.test(String(path.at(-1))) && setsSecret(text)) return true;
  return path.some((part) => CONNECTION.test(String(part))) && assignsSecret(text);
}

/** A variable alone, also behind `Bearer `, leaves nothing. */
function withoutVariables(text: string): string {
  return isPlainVariable(text) ? '' : expandVariables(text, {}).text;
}
