import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { holdsSecret, namesSecret } from '../secrets/index.js';
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

const TEXT_PREFIX = 'sealed:1:';
/** Before a sealed number or boolean. */
const JSON_PREFIX = 'sealed:2:';
const PREFIXES: readonly string[] = [TEXT_PREFIX, JSON_PREFIX];
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A value of a document that is no list and no mapping. */
type Scalar = string | number | boolean;

/**
 * Keeps secrets out of the database file: they are stored as AES-256-GCM text with a key that is next to the file. Only
 * what stands under a secret's key is touched, texts or not, at any depth below it.
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

  #seal(secret: Scalar): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    const text = typeof secret === 'string' ? secret : JSON.stringify(secret);
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    const prefix = typeof secret === 'string' ? TEXT_PREFIX : JSON_PREFIX;
    return prefix + Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
  }

  #open(secret: Scalar): Scalar | undefined {
    if (typeof secret !== 'string') return secret;
    const prefix = PREFIXES.find((each) => secret.startsWith(each));
    if (prefix === undefined) return secret;
    const bytes = Buffer.from(secret.slice(prefix.length), 'base64');
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, NONCE_BYTES));
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const opened = [decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()];
      const text = Buffer.concat(opened).toString('utf8');
      return prefix === TEXT_PREFIX ? text : (JSON.parse(text) as Scalar);
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
export function unmaskSecrets(object: JsonObject, stored: JsonObject | undefined): JsonObject {
  return unmaskedObject(object, stored, OUTSIDE);
}

/** Where a value stands. */
interface Place {
  /** Below keys whose values map arbitrary names: the names tell which are secret, and texts may hold one. */
  readonly isFree: boolean;
  /** Under a secret's key, or below it. */
  readonly isSecret: boolean;
}

const OUTSIDE: Place = { isFree: false, isSecret: false };

function below(key: string, { isFree, isSecret }: Place): Place {
  return { isFree: isFree || FREE.has(key), isSecret: isSecret || isSecretKey(key, isFree) };
}

function unmaskedObject(object: JsonObject, stored: Json | undefined, place: Place): JsonObject {
  const before = isJsonObject(stored) ? stored : undefined;
  const copy: Record<string, Json> = {};
  for (const [key, value] of Object.entries(object)) {
    const unmasked = unmaskedValue(value, before?.[key], below(key, place));
    if (unmasked !== undefined) copy[key] = unmasked;
  }
  return copy;
}

function unmaskedValue(value: Json | undefined, before: Json | undefined, place: Place): Json | undefined {
  if (isJsonObject(value)) return unmaskedObject(value, before, place);
  if (isList(value))
    return value.map((item, at) => unmaskedValue(item, isList(before) ? before[at] : undefined, place) ?? null);
  return value === MASK && (place.isFree || place.isSecret) ? before : value;
}

type Change = (secret: Scalar) => Scalar | undefined;

function mapSecrets(object: JsonObject, change: Change, place = OUTSIDE): JsonObject {
  const copy: Record<string, Json> = {};
  for (const [key, value] of Object.entries(object)) {
    const changed = mapped(value, change, below(key, place));
    if (changed !== undefined) copy[key] = changed;
  }
  return copy;
}

function mapped(value: Json | undefined, change: Change, place: Place): Json | undefined {
  if (value === undefined || value === null) return value;
  if (isJsonObject(value)) return mapSecrets(value, change, place);
  if (isList(value)) return value.map((item) => mapped(item, change, place) ?? null);
  return place.isSecret || (place.isFree && isSecretText(value)) ? change(value) : value;
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** URLs may contain a secret; what is already sealed is opened again. */
function isSecretText(value: Scalar): boolean {
  return typeof value === 'string' && (PREFIXES.some((prefix) => value.startsWith(prefix)) || holdsSecret(value));
}

function isSecretKey(key: string, isFree: boolean): boolean {
  return OTHER_SECRET_KEYS.has(key) || connectionSecretKeys().has(key) || (isFree && namesSecret(key));
}

/** Keys whose values map arbitrary names. */
const FREE: ReadonlySet<string> = new Set(['connectionArguments', 'connectionOptions']);
