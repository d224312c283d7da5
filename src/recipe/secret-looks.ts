import {
  expandVariables,
  isPlainVariable,
  isShortSecretName,
  looksLikeSecretKey,
  registerSecret,
} from '../secrets/index.js';
import type { Findings } from './findings.js';
import { isMapping, pointer, type RecipePath } from './recipe-path.js';
import { REFUSED } from './secret-places.js';

const REFERENCE = /^((file|memory|recipe):\/|secret:)/;
/** A token and a key may be given as the path of a file. */
const PATH = /^(\.{0,2}\/|~)[^\n]*$/;
const MAY_BE_PATH = /(token|key|credentials?|jwt)$/i;
/** Anywhere in a text; a port and a path, which may hold an `@`, are no password. */
const URL_WITH_PASSWORD = /:\/\/[^/\s@:]{0,200}:(?!\d{1,5}(?:[/?#]|$))[^\s@]{1,200}@/;
/** What is a secret by its own shape: a private key, a JSON Web Token, keys of AWS and GitHub, a header's value. */
const SHAPES = [
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----/,
  /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  /\b(?:ghp|gho|ghs|glpat|xox[abp])[_-][\w-]{16,}/,
  /\b(?:Bearer|Basic) +[\w.~+/=-]{8,}/,
];
/** In a statement or a connection string: `IDENTIFIED BY '…'`, `password=…`. */
const WITHIN_TEXT = /\b(identified\s+by|password|passwd|pwd|secret|token)\s*(=|\(|\s)\s*['"]?[^\s'"$;{]{3,}/i;
const TEXT_KEY = /^(init_?command|.*connectionstring|dsn|session_?init.*)$/i;
/** In any other text of a connection: `…;Pwd=…`, `?token=…`. */
const ASSIGNED =
  /(?:^|[\s;&?,])(?:password|passwd|pwd|\w{0,40}secret|\w{0,40}token|api_?key|access_?key|sig)\s?=\s?['"]?[^\s'"$;{&]{3,}/i;
const CONNECTION = /^(serviceConnections?|workflowConfig)$/;
/** Numbers that may be passwords. */
const LEAST_NUMBER = 1000;

/**
 * Refuses what looks like a secret in plain text anywhere in a recipe that is sent, known keys or not: below keys that
 * name secrets, in URLs, in statements that set passwords.
 * @param leaves JSON pointers of the model's own secrets, which were checked already
 */
export function refuseSecretLooks(written: unknown, findings: Findings, leaves: ReadonlySet<string>): void {
  walk(written, [], undefined, { findings, leaves });
}

interface Looking {
  readonly findings: Findings;
  readonly leaves: ReadonlySet<string>;
}

/** @param secretKey the key that names a secret, here or above */
function walk(value: unknown, path: RecipePath, secretKey: string | undefined, looking: Looking): void {
  const { findings, leaves } = looking;
  if (Array.isArray(value)) {
    value.forEach((inner, index) => walk(inner, [...path, index], secretKey, looking));
  } else if (isMapping(value)) {
    for (const [key, inner] of Object.entries(value)) {
      if (isSecretItself(key)) refuse(key, path, findings);
      else walk(inner, [...path, key], secretKey ?? (namesSecret(key) ? key : undefined), looking);
    }
  } else if (!leaves.has(pointer(path)) && isSecret(value, path, secretKey)) refuse(String(value), path, findings);
}

function refuse(secret: string, path: RecipePath, findings: Findings): void {
  registerSecret(secret);
  findings.problem(path, REFUSED);
}

/** Keys about secret managers name the manager. */
function namesSecret(key: string): boolean {
  return (looksLikeSecretKey(key) && !/^secrets?manager/i.test(key)) || isShortSecretName(key);
}

function isSecret(value: unknown, path: RecipePath, secretKey: string | undefined): boolean {
  if (typeof value === 'number' || typeof value === 'bigint') return secretKey !== undefined && value >= LEAST_NUMBER;
  if (typeof value !== 'string' || REFERENCE.test(value)) return false;
  // what stands beside a variable, or is its default, is as plain as without it
  const text = withoutVariables(value);
  if (isSecretItself(text)) return true;
  if (secretKey !== undefined) return /\w/.test(text) && !(MAY_BE_PATH.test(secretKey) && PATH.test(text));
  if (TEXT_KEY.test(String(path.at(-1))) && WITHIN_TEXT.test(text)) return true;
  return path.some((part) => CONNECTION.test(String(part))) && ASSIGNED.test(text);
}

function isSecretItself(text: string): boolean {
  return URL_WITH_PASSWORD.test(text) || SHAPES.some((shape) => shape.test(text));
}

/** A variable alone, also behind `Bearer `, leaves nothing. */
function withoutVariables(text: string): string {
  return isPlainVariable(text) ? '' : expandVariables(text, {}).text;
}
