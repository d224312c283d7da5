import { hasVariables, looksLikeSecretKey, registerSecret } from '../secrets/index.js';
import type { Findings } from './findings.js';
import { isMapping, pointer, type RecipePath } from './recipe-path.js';
import { REFUSED } from './secret-places.js';

/** Names that people give to secrets and that no key of a recipe has. */
const SHORT_NAME = /^(pw|pass|dsn|pat|jwt|apikey|auth_?header)$/i;
const REFERENCE = /^((file|memory|recipe):\/|secret:)/;
/** A token and a key may be given as the path of a file. */
const PATH = /^(\.{0,2}\/|~)[^\n]*$/;
const URL_WITH_PASSWORD = /^[a-z][\w+.-]*:\/\/[^/\s@:]*:[^/\s@]+@/i;
/** In a statement or a connection string: `IDENTIFIED BY '…'`, `password=…`. */
const WITHIN_TEXT = /\b(identified\s+by|password|passwd|pwd|secret|token)\s*(=|\(|\s)\s*['"]?[^\s'"$;{]{3,}/i;
const TEXT_KEY = /^(init_?command|.*connectionstring|dsn|session_?init.*)$/i;

/**
 * Refuses what looks like a secret in plain text anywhere in a recipe that is sent, known keys or not: below keys that
 * name secrets, in URLs, in statements that set passwords.
 * @param leaves JSON pointers of the model's own secrets, which were checked already
 */
export function refuseSecretLooks(written: unknown, findings: Findings, leaves: ReadonlySet<string>): void {
  walk(written, [], false, { findings, leaves });
}

interface Looking {
  readonly findings: Findings;
  readonly leaves: ReadonlySet<string>;
}

function walk(value: unknown, path: RecipePath, belowSecret: boolean, looking: Looking): void {
  const { findings, leaves } = looking;
  if (Array.isArray(value)) {
    value.forEach((inner, index) => walk(inner, [...path, index], belowSecret, looking));
  } else if (isMapping(value)) {
    for (const [key, inner] of Object.entries(value)) {
      walk(inner, [...path, key], belowSecret || namesSecret(key), looking);
    }
  } else if (
    typeof value === 'string' &&
    isSecret(value, String(path.at(-1)), belowSecret) &&
    !leaves.has(pointer(path))
  ) {
    registerSecret(value);
    findings.problem(path, REFUSED);
  }
}

/** Keys about secret managers name the manager. */
function namesSecret(key: string): boolean {
  return (looksLikeSecretKey(key) && !/^secrets?manager/i.test(key)) || SHORT_NAME.test(key);
}

function isSecret(text: string, key: string, belowSecret: boolean): boolean {
  if (text === '' || hasVariables(text) || REFERENCE.test(text)) return false;
  if (URL_WITH_PASSWORD.test(text)) return true;
  if (belowSecret) return !PATH.test(text);
  return TEXT_KEY.test(key) && WITHIN_TEXT.test(text);
}
