/** Anywhere in a text; a port and a path, which may hold an `@`, are no password. */
const URL_WITH_PASSWORD = /:\/\/[^/\s@:]{0,200}:(?!\d{1,5}(?:[/?#]|$))[^\s@]{1,200}@/;
/** A token may be all that a URL names before its host. */
const URL_WITH_USER = /^[a-z][\w+.-]*:\/\/[^/\s@]+@/i;
/**
 * What is a secret by its own shape: a log-in of Oracle, a private key, a JSON Web Token, keys of AWS and GitHub, a
 * header's value.
 */
const SHAPES = [
  /\bjdbc:oracle:\w{1,20}:[^\s/@:]{1,200}\/[^\s@]{1,200}@/,
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----/,
  // from its first dot, which each letter before it would look for again
  /\.(?<=\beyJ[\w-]{8,}\.)eyJ[\w-]{8,}\.[\w-]{8,}/,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  /\b(?:ghp|gho|ghs|glpat|xox[abp])[_-][\w-]{16,}/,
  /\b(?:Bearer|Basic) +[\w.~+/=-]{8,}/,
];
/**
 * In a statement or a connection string: `IDENTIFIED BY '…'`, `IDENTIFIED WITH x AS '…'`, `password=…`, `@pw := '…'`.
 */
const WITHIN_TEXT =
  /(?:\bidentified\s+(?:with\s+\S{1,80}\s+)?(?:by|as|using)|\b(?:password|passwd|pwd|secret|token)|@\w{0,40}(?:pw|pass))\s*(?::?=|\(|\s)\s*['"]?[^\s'"$;{]{3,}/i;
/**
 * In any other text of a connection: `…;Pwd=…`, `Pwd={…}`, `?token=…`, `{"password":"…"}`, `aws_secret_access_key=…`.
 */
const ASSIGNED =
  /(?:^|[\s;&?,{("'-])(?:\w{0,40}(?:password|passwd|pwd|secret|token|(?:api|access|secret|private)_?key)|pw|sig)["']?\s?(?::?=|:(?=[\s"']))\s?['"]?\{?(?!(?:true|false)\b)[^\s'"$;{&]{3,}/i;

/** What a text that is shown may quote of them. */
const SHOWN_URL = new RegExp(URL_WITH_PASSWORD.source, 'g');
const SHOWN_SHAPES = SHAPES.map((shape) => new RegExp(shape.source, 'g'));
const SHOWN_ASSIGNED =
  /((?:password|passwd|passphrase|pwd|secret|token|(?:api|access|secret|private)_?key|\b(?:pw|pass|sig))["']?\s?=\s?['"]?)(?![\s'"$;&`]|\*\*\*)[^\s'"$;&`]+/gi;

const MOST_FOLDED = 64 * 1024;

/** Whether a text is a secret by its shape: a URL with a password, a private key, a token. */
export function isSecretItself(text: string): boolean {
  return spellings(text).some((each) => URL_WITH_PASSWORD.test(each) || SHAPES.some((shape) => shape.test(each)));
}

/** Whether a statement or a connection string sets a password. */
export function setsSecret(text: string): boolean {
  return spellings(text).some((each) => WITHIN_TEXT.test(each));
}

/** A text that is shown, with what looks like a secret in it as `***`. */
export function withoutSecretLooks(text: string): string {
  const masked = SHOWN_SHAPES.reduce((rest, shape) => rest.replace(shape, '***'), text);
  return masked.replace(SHOWN_URL, '://***@').replace(SHOWN_ASSIGNED, '$1***');
}

/** Whether it is a URL with a user before its host. */
export function hasUserInUrl(text: string): boolean {
  return URL_WITH_USER.test(text);
}

/** Whether a text whose key tells nothing holds a secret in any of these ways. */
export function holdsSecret(text: string): boolean {
  return hasUserInUrl(text) || isSecretItself(text) || setsSecret(text) || assignsSecret(text);
}

/** Whether any text of a connection assigns one. */
export function assignsSecret(text: string): boolean {
  return spellings(text).some((each) => ASSIGNED.test(each));
}

/**
 * As it is, with full-width letters as plain ones, without invisible signs; and as if a broken line were whole. Blanks
 * in a row are one: the patterns would try each of them with each. Letters of long texts stay: one sign may become 18.
 */
function spellings(text: string): readonly string[] {
  const plain = (text.length > MOST_FOLDED ? text : text.normalize('NFKC')).replace(/\p{Cf}/gu, '');
  const whole = /[\r\n]/.test(plain) ? [plain, plain.replace(/[\r\n]+/g, '')] : [plain];
  return whole.map((each) => each.replace(/\s+/g, ' '));
}
