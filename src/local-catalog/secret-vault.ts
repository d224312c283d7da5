import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { assignsSecret, isSecretItself, isShortSecretName, looksLikeSecretKey, setsSecret } from '../secrets/index.js';
import { connectionSecretKeys } from '../sources/index.js';
import type { Json, JsonObject } from './json-value.js';
import { isJsonObject } from './json-value.js';

/** What everybody except bots sees instead of a secret; sent back, it means "keep what is stored". */
export const MASK = '*********';

/**
 * Keys that hold a secret in connections of connectors that this build doesn't have, and in a pipeline's source
 * configuration.
 */
const OTHER_SECRET_KEYS: ReadonlySet<string> = new Set([
  'accessToken',
  'apiKey',
  'awsSecretAccessKey',
  'azureClientSecret',
  'caCertificate',
  'clientSecret',
  'consumerSecret',
  'jwt',
  'jwtToken',
  'password',
  'personalAccessToken',
  'privateKey',
  'secretToken',
  'securityToken',
  'sslCertificate',
  'sslKey',
  'token',
]);

const PREFIX = 'sealed:1:';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Keeps secrets out of the database file: they are stored as AES-256-GCM text with a key that is next to the file. Only
 * strings under a secret's key are touched.
 */
export class SecretVault {
  readonly #key: Buffer;
  readonly #onLost: () => void;

  /** `key` has 32 bytes. `onLost` is called for a secret sealed with another key; it then counts as not stored. */
  constructor(key: Buffer, onLost: () => void) {
    this.#key = key;
    this.#onLost = onLost;
  }

  seal(object: JsonObject): JsonObject {
    return mapSecrets(object, (secret) => this.#seal(secret));
  }

  open(object: JsonObject): JsonObject {
    return mapSecrets(object, (secret) => this.#open(secret));
  }

  #seal(secret: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return PREFIX + Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
  }

  #open(text: string): string | undefined {
    if (!text.startsWith(PREFIX)) return text;
    const bytes = Buffer.from(text.slice(PREFIX.length), 'base64');
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, NONCE_BYTES));
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const opened = [decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()];
      return Buffer.concat(opened).toString('utf8');
    } catch {
      this.#onLost();
      return undefined;
    }
  }
}

/** A copy with the mask in place of every secret. */
export function maskSecrets(object: JsonObject): JsonObject {
  return mapSecrets(object, () => MASK);
}

/** A copy in which every mask is replaced by the secret stored in the same place, or removed if none is stored. */
export function unmaskSecrets(object: JsonObject, stored: JsonObject | undefined, isFree = false): JsonObject {
  const copy: Record<string, Json | undefined> = {};
  for (const [key, value] of Object.entries(object)) {
    const before = stored?.[key];
    if (Array.isArray(value)) copy[key] = unmaskedList(value, before, isFree || FREE.has(key));
    else if (isJsonObject(value))
      copy[key] = unmaskSecrets(value, isJsonObject(before) ? before : undefined, isFree || FREE.has(key));
    else if (value !== MASK || !(isSecretKey(key, isFree) || isFree)) copy[key] = value;
    else if (before !== undefined) copy[key] = before;
  }
  return copy;
}

function unmaskedList(list: readonly Json[], before: Json | undefined, isFree: boolean): Json {
  const stored: readonly Json[] = Array.isArray(before) ? before : [];
  return list.map((item, at) => {
    const same = stored[at];
    if (isJsonObject(item)) return unmaskSecrets(item, isJsonObject(same) ? same : undefined, isFree);
    if (Array.isArray(item)) return unmaskedList(item, same, isFree);
    return isFree && item === MASK ? (same ?? null) : item;
  });
}

function mapSecrets(object: JsonObject, change: (secret: string) => string | undefined, isFree = false): JsonObject {
  const copy: Record<string, Json> = {};
  for (const [key, value] of Object.entries(object)) {
    const changed =
      typeof value === 'string' && isSecret(key, value, isFree)
        ? change(value)
        : mapNested(value, change, isFree || FREE.has(key), isFree && isSecretKey(key, isFree));
    if (changed !== undefined) copy[key] = changed;
  }
  return copy;
}

/**
 * For a driver's arguments, the names tell which are secret, and URLs may contain one; what is already sealed is opened
 * again.
 */
function isSecret(key: string, value: string, isFree: boolean): boolean {
  return isSecretKey(key, isFree) || (isFree && isSecretText(value));
}

function isSecretText(value: string): boolean {
  return (
    value.startsWith(PREFIX) ||
    URL_WITH_CREDENTIALS.test(value) ||
    isSecretItself(value) ||
    setsSecret(value) ||
    assignsSecret(value)
  );
}

function isSecretKey(key: string, isFree: boolean): boolean {
  return (
    OTHER_SECRET_KEYS.has(key) ||
    connectionSecretKeys().has(key) ||
    (isFree && (looksLikeSecretKey(key) || isShortSecretName(key)))
  );
}

/** Keys whose values map arbitrary names. */
const FREE: ReadonlySet<string> = new Set(['connectionArguments', 'connectionOptions']);
const URL_WITH_CREDENTIALS = /^[a-z][\w+.-]*:\/\/[^/\s@]+@/i;

function mapNested(
  value: Json | undefined,
  change: (secret: string) => string | undefined,
  isFree: boolean,
  isSecretList: boolean
): Json | undefined {
  if (isJsonObject(value)) return mapSecrets(value, change, isFree);
  if (!Array.isArray(value)) return value;
  return (value as readonly Json[]).map((item) =>
    typeof item === 'string' && (isSecretList || (isFree && isSecretText(item)))
      ? (change(item) ?? null)
      : (mapNested(item, change, isFree, isSecretList) ?? null)
  );
}
