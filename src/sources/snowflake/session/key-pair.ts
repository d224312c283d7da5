import { createPrivateKey } from 'node:crypto';
import { AuthenticationError } from '../../../errors/index.js';

const WHERE = 'source.serviceConnection.config.privateKey';

/**
 * The private key as the driver wants it: unencrypted PKCS#8 in PEM. Recipes hold it with real newlines, with `\n`
 * written out, or with the newlines lost to spaces.
 * @throws AuthenticationError when it isn't a private key or the passphrase doesn't open it; neither is quoted.
 */
export function readPrivateKey(text: string, passphrase: string | undefined): string {
  const pem = normalisePem(text);
  if (/ENCRYPTED/.test(pem) && passphrase === undefined) {
    throw new AuthenticationError('The private key is encrypted and no passphrase is given.', {
      where: WHERE,
      remedy: 'Set snowflakePrivatekeyPassphrase.',
    });
  }
  try {
    const key = createPrivateKey({ key: pem, format: 'pem', ...(passphrase === undefined ? {} : { passphrase }) });
    return key.export({ type: 'pkcs8', format: 'pem' }).toString();
  } catch {
    // The cause is left out: OpenSSL's messages may quote what they could not read.
    throw new AuthenticationError(
      passphrase === undefined
        ? "privateKey isn't a private key in PEM."
        : 'The private key cannot be opened with the passphrase given.',
      {
        where: WHERE,
        remedy:
          passphrase === undefined
            ? 'Give the whole PEM text from "-----BEGIN" to "-----END ... KEY-----", newlines kept or written as \\n.'
            : 'Check snowflakePrivatekeyPassphrase and that privateKey is the key it belongs to.',
      }
    );
  }
}

const ARMOUR = /^-----BEGIN ([A-Z ]+)-----(.*)-----END \1-----$/s;

function normalisePem(text: string): string {
  const plain = text.replaceAll('\\n', '\n').replaceAll('\r', '').trim();
  const [, label, body] = ARMOUR.exec(plain) ?? [];
  if (label === undefined || body === undefined || body.includes(':')) return `${plain}\n`;
  const base64 = body.replace(/\s+/g, '').replace(/(.{64})/g, '$1\n');
  return `-----BEGIN ${label}-----\n${base64.trimEnd()}\n-----END ${label}-----\n`;
}
