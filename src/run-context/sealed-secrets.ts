import { z } from 'zod';
import { missingKey, type EncryptionKeys } from '../secrets/index.js';

/** The secrets that an inline recipe held in plain text, encrypted as the payload that brought them. */
export const sealedSecrets = z.object({
  keyId: z.string(),
  /** Base64. */
  data: z.string(),
});
export type SealedSecrets = z.infer<typeof sealedSecrets>;

/** JSON pointer and value. */
const entries = z.array(z.tuple([z.string(), z.string()]));

export function sealSecrets(keys: EncryptionKeys, secrets: ReadonlyMap<string, string>): SealedSecrets {
  const { keyId, data } = keys.seal(Buffer.from(JSON.stringify([...secrets]), 'utf8'));
  return { keyId, data: Buffer.from(data).toString('base64') };
}

/** @throws PermanentError when this worker doesn't have the key */
export function openSecrets(keys: EncryptionKeys | undefined, { keyId, data }: SealedSecrets): Map<string, string> {
  if (keys === undefined) throw missingKey(keyId);
  const text = keys.open({ keyId, data: Buffer.from(data, 'base64') }).toString('utf8');
  return new Map(entries.parse(JSON.parse(text)));
}
