import { z } from 'zod';

/** What marks a string of a model as a secret: JSON Schema's own keyword for it, so that editors mask it too. */
const SECRET = { format: 'password', writeOnly: true } as const;

/**
 * A string that is a secret: a password, a token, a key. In a checked recipe it contains a reference, never the value.
 * @param description one sentence for editors and the reference page.
 */
export function secretLeaf(description?: string): z.ZodString {
  return z.string().meta(description === undefined ? SECRET : { ...SECRET, description });
}

/** True for a model made by `secretLeaf`, not for an optional one around it. */
export function isSecretLeaf(schema: z.ZodType): boolean {
  return schema.meta()?.['format'] === SECRET.format;
}

const SECRET_ENDING = /(password|passwd|pwd|passphrase|passcode|secret|token|key|credentials?|authorization|cookie)$/;
const SECRET_INSIDE = /(password|passphrase|secret)/;
const NAMES_SOMETHING_ELSE = /(path|file|filename|name|id|url|uri|type)$/;

/**
 * True for the name of a free-form key whose value is most likely a secret: `ssl_key`, `authToken`, `PASSWORD`; not
 * `private_key_path`.
 */
export function looksLikeSecretKey(name: string): boolean {
  const plain = name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
  return SECRET_ENDING.test(plain) || (SECRET_INSIDE.test(plain) && !NAMES_SOMETHING_ELSE.test(plain));
}

/** Names that people give to secrets and that no key of a recipe has: `pw`, `db_pass`, `userPw`. */
export function isShortSecretName(name: string): boolean {
  return SHORT_NAME.test(name) || SHORT_ENDING.test(name);
}

const SHORT_NAME = /(?:^|[_-])(?:pw|pass|dsn|pat|jwt|apikey|auth_?header)$/i;
const SHORT_ENDING = /[a-z](?:Pw|Pass|Pat|Jwt|Dsn)$/;

/**
 * True for the name of a free-form key with all below it that is most likely a secret: `looksLikeSecretKey`, or a short
 * name.
 */
export function namesSecret(name: string): boolean {
  return looksLikeSecretKey(name) || isShortSecretName(name);
}

/** Numbers from here on may be passwords; `max_pass: 3` is none. */
export const LEAST_SECRET_NUMBER = 1000;
