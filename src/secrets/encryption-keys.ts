import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { PermanentError } from '../errors/index.js';
import { FileRefused, readRegularFileSync } from '../reach/index.js';
import { registerSecret } from './redaction.js';
import type { Environment } from './variables.js';

/** Where the keys are: `ID:KEY,ID:KEY`, the first encrypts; or `file:/absolute/path` of a file with them. */
export const KEYS_VARIABLE = 'OM_INGEST_ENCRYPTION_KEYS';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
/** Length the mode is made for; random each time. */
const IV_BYTES = 12;
const TAG_BYTES = 16;
const FILE = 'file:';
const ENTRY = /^([\w.-]{1,64}):([A-Za-z0-9+/]{43}=)$/;
const HOW =
  'Write ID:KEY, KEY being 32 random bytes in base64 (openssl rand -base64 32); several separated by commas, the one that encrypts first.';

/** Something encrypted, and the id of its key. */
export interface Sealed {
  readonly keyId: string;
  /** 12 bytes of initialization vector, the ciphertext, 16 bytes of tag. */
  readonly data: Uint8Array;
}

/** AES-256-GCM with named keys, so that a key can be changed while what older keys encrypted can still be read. */
export class EncryptionKeys {
  /** @param keys by id; the first one encrypts */
  constructor(private readonly keys: ReadonlyMap<string, Buffer>) {}

  /**
   * The keys of the environment; undefined when there are none.
   * @throws PermanentError for text that isn't a list of keys; the message repeats nothing from it
   */
  static fromEnvironment(environment: Environment = process.env): EncryptionKeys | undefined {
    const given = environment[KEYS_VARIABLE]?.trim() ?? '';
    if (given === '') return undefined;
    const text = given.startsWith(`${FILE}/`) ? readKeys(given.slice(FILE.length)) : given;
    const keys = new Map<string, Buffer>();
    const entries = text.split(/[\s,]+/).filter((entry) => entry !== '');
    for (const [index, entry] of entries.entries()) {
      const [, id = '', encoded = ''] = ENTRY.exec(entry) ?? [];
      const key = Buffer.from(encoded, 'base64');
      if (key.length !== KEY_BYTES) throw unusable(`entry ${index + 1} of ${entries.length} is no ID:KEY`);
      if (keys.has(id)) throw unusable(`the id ${id} is there twice`);
      registerSecret(encoded);
      keys.set(id, key);
    }
    if (keys.size === 0) throw unusable('there is no key');
    return new EncryptionKeys(keys);
  }

  seal(plain: Uint8Array): Sealed {
    const [first] = this.keys;
    if (first === undefined) throw unusable('there is no key');
    const [keyId, key] = first;
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, key, iv);
    return { keyId, data: Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]) };
  }

  /** @throws PermanentError when the key isn't among these, or the bytes aren't as they were encrypted */
  open({ keyId, data }: Sealed): Buffer {
    const key = this.keys.get(keyId);
    if (key === undefined) throw missingKey(keyId, [...this.keys.keys()]);
    try {
      const decipher = createDecipheriv(CIPHER, key, data.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAuthTag(data.subarray(data.length - TAG_BYTES));
      return Buffer.concat([decipher.update(data.subarray(IV_BYTES, data.length - TAG_BYTES)), decipher.final()]);
    } catch {
      throw new PermanentError(
        `What the key ${keyId} encrypted can't be read: it was damaged, or encrypted by another key of that id.`,
        {
          where: KEYS_VARIABLE,
          remedy: 'Give the same key under the same id to every worker and client.',
        }
      );
    }
  }
}

/** Thrown for data encrypted with a key that this process doesn't have. */
export function missingKey(keyId: string, known: readonly string[] = []): PermanentError {
  const has = known.length === 0 ? `${KEYS_VARIABLE} is not set` : `${KEYS_VARIABLE} has ${known.join(', ')}`;
  return new PermanentError(`This is encrypted by the key ${keyId}, which this process doesn't have (${has}).`, {
    where: KEYS_VARIABLE,
    remedy: `Give the key ${keyId} to every worker and client, and start them again.`,
  });
}

function readKeys(path: string): string {
  try {
    return readRegularFileSync(path).toString('utf8');
  } catch (error) {
    throw unusable(`the file ${path} ${error instanceof FileRefused ? error.message : "can't be read"}`);
  }
}

function unusable(what: string): PermanentError {
  return new PermanentError(`${KEYS_VARIABLE} can't be used: ${what}.`, { where: KEYS_VARIABLE, remedy: HOW });
}
