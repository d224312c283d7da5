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
/** In any other text of a connection: `…;Pwd=…`, `?token=…`. */
const ASSIGNED =
  /(?:^|[\s;&?,])(?:password|passwd|pwd|\w{0,40}secret|\w{0,40}token|api_?key|access_?key|sig)\s?=\s?['"]?[^\s'"$;{&]{3,}/i;

/** Whether a text is a secret by its shape: a URL with a password, a private key, a token. */
export function isSecretItself(text: string): boolean {
  return URL_WITH_PASSWORD.test(text) || SHAPES.some((shape) => shape.test(text));
}

/** Whether a statement or a connection string sets a password. */
export function setsSecret(text: string): boolean {
  return WITHIN_TEXT.test(text);
}

/** Whether any text of a connection assigns one. */
export function assignsSecret(text: string): boolean {
  return ASSIGNED.test(text);
}
