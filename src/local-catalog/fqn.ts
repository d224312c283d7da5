import { beginning } from '../errors/index.js';
import { badRequest } from './api-error.js';

/**
 * Fully qualified names as the server reads them. Deliberately not shared with the client: a server that borrows its
 * client's rules can't notice when they are wrong.
 */

const MAX_NAME_LENGTH = 256;

/**
 * One part as written in an FQN: in double quotes when it has a dot, bare otherwise; quotes it came with are dropped
 * first.
 * @throws ApiError 400 for an empty part or a double quote inside
 */
export function quotePart(name: string): string {
  const bare = name.length > 1 && name.startsWith('"') && name.endsWith('"') ? name.slice(1, -1) : name;
  if (bare === '') throw badRequest('Invalid name: it is empty');
  if (bare.includes('"')) throw badRequest(`Invalid name ${name}: a double quote cannot be part of a name`);
  return bare.includes('.') ? `"${bare}"` : bare;
}

/** Appends a name to a normalised FQN; `undefined` is the top. */
export function childFqn(parent: string | undefined, name: string): string {
  return parent === undefined ? quotePart(name) : `${parent}.${quotePart(name)}`;
}

/**
 * The bare parts of an FQN: `a."b.c".d` → `['a', 'b.c', 'd']`.
 * @throws ApiError 400 for quotes that don't pair and empty parts
 */
export function splitFqn(fqn: string): string[] {
  const parts: string[] = [];
  for (let position = 0; position <= fqn.length;) {
    const quoted = fqn[position] === '"';
    const found = quoted ? fqn.indexOf('"', position + 1) : fqn.indexOf('.', position);
    if (quoted && found === -1) throw badRequest(`Invalid fully qualified name ${fqn}: a double quote is not closed`);
    const end = found === -1 ? fqn.length : found;
    const part = fqn.slice(quoted ? position + 1 : position, end);
    if (part === '' || part.includes('"')) throw badRequest(`Invalid fully qualified name ${fqn}`);
    parts.push(part);
    const next = quoted ? end + 1 : end;
    if (next < fqn.length && fqn[next] !== '.') throw badRequest(`Invalid fully qualified name ${fqn}`);
    position = next + 1;
  }
  return parts;
}

/** The one spelling of an FQN under which it is stored: quotes only where they are needed. */
export function normaliseFqn(fqn: string): string {
  if (!fqn.includes('"')) return fqn;
  return splitFqn(fqn).map(quotePart).join('.');
}

/** The FQN one level up, `undefined` at the top. `fqn` is normalised. */
export function parentOf(fqn: string): string | undefined {
  const end = fqn.endsWith('"') ? fqn.lastIndexOf('"', fqn.length - 2) : fqn.lastIndexOf('.') + 1;
  return end <= 0 ? undefined : fqn.slice(0, end - 1);
}

/** Bounds for an index range over everything below a normalised FQN: `/` is the character after the dot. */
export function rangeBelow(fqn: string): [from: string, before: string] {
  return [`${fqn}.`, `${fqn}/`];
}

/** @throws ApiError 400 for a name that the server's pattern refuses: too long, `::` inside, a line break inside */
export function checkName(name: string): void {
  if (name.length === 0 || name.length > MAX_NAME_LENGTH) {
    throw badRequest(`name ${shorten(name)} has ${name.length} characters, 1 to ${MAX_NAME_LENGTH} are allowed`);
  }
  checkPattern(name);
}

/** Column names have no upper bound; otherwise the same pattern. */
export function checkColumnName(name: string): void {
  if (name.length === 0) throw badRequest('A column has an empty name');
  checkPattern(name);
}

function checkPattern(name: string): void {
  if (name.includes('::')) throw badRequest(`name ${shorten(name)} must not hold "::"`);
  if (/[\n\r\u0085\u2028\u2029]/.test(name)) throw badRequest(`name ${shorten(name)} must not hold a line break`);
}

function shorten(name: string): string {
  return name.length > 80 ? `${beginning(name, 80)}…` : name;
}
