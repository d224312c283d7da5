import { RecordError } from '../errors/index.js';

/**
 * Fully qualified names: parts joined by dots, where a part with a dot inside is wrapped in double quotes. The server's
 * grammar has no escape for a double quote, so names are rewritten before they become parts.
 */

const RESERVED: readonly (readonly [found: string, stored: string])[] = [
  ['::', '__reserved__colon__'],
  ['>', '__reserved__arrow__'],
  ['"', '__reserved__quote__'],
  ['\n', '__reserved__newline__'],
  ['\r', '__reserved__carriage_return__'],
  ['\t', '__reserved__tab__'],
];

/** Most names need no rewriting; a run asks for hundreds of thousands. */
const HAS_RESERVED = /::|[>"\n\r\t]/;

/**
 * The name as OpenMetadata stores it. For databases, schemas, tables, columns and columns of constraints; never for
 * services.
 */
export function rewriteName(name: string): string {
  if (!HAS_RESERVED.test(name)) return name;
  return RESERVED.reduce((text, [found, stored]) => text.replaceAll(found, stored), name);
}

/** `rewriteName` for columns: an empty column name, which some databases allow, becomes one space. */
export function rewriteColumnName(name: string): string {
  return name === '' ? ' ' : rewriteName(name);
}

/** The source's name that is stored as this; undoes `rewriteName`. */
export function restoreName(name: string): string {
  return RESERVED.reduce((text, [found, stored]) => text.replaceAll(stored, found), name);
}

/** Characters of the longest name that the server takes. */
export const LONGEST_NAME = 256;

/** Line ends that `rewriteName` leaves as they are; the server's pattern for names has none. */
const LINE_END = /[\u0085\u2028\u2029]/;

/** Why the server refuses this name, which `rewriteName` made; undefined when it takes it. Columns may be longer. */
export function nameFault(name: string, of: 'entity' | 'column' = 'entity'): string | undefined {
  if (of === 'entity' && name.length > LONGEST_NAME)
    return `its name has ${name.length} characters; OpenMetadata takes ${LONGEST_NAME}`;
  const sign = LINE_END.exec(name)?.[0];
  if (sign === undefined) return undefined;
  const code = sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return `${of === 'entity' ? 'its name' : `the name of its column ${name}`} holds the line end U+${code}, which OpenMetadata refuses`;
}

/**
 * All names that `rewriteName` stores as it stores `name`, in a fixed order: first the one without rewritten
 * characters. `a"b` and `a__reserved__quote__b` are two such names; with n characters there are up to 2ⁿ, each
 * character being rewritten or not.
 */
export function namesStoredAlike(name: string): string[] {
  const stored = rewriteName(name);
  // nothing of that length is stored, so nothing can collide
  if (stored.length > LONGEST_NAME) return [name];
  const found = new Set<string>();
  const spell = (from: number, text: string): void => {
    const next = nextRewritten(stored, from);
    if (next === undefined) {
      const spelling = text + stored.slice(from);
      if (rewriteName(spelling) === stored) found.add(spelling);
      return;
    }
    const { at, sign, rewritten } = next;
    spell(at + rewritten.length, `${text}${stored.slice(from, at)}${sign}`);
    spell(at + 1, text + stored.slice(from, at + 1));
  };
  spell(0, '');
  return [...found];
}

function nextRewritten(
  stored: string,
  from: number
): { readonly at: number; readonly sign: string; readonly rewritten: string } | undefined {
  return RESERVED.map(([sign, rewritten]) => ({ at: stored.indexOf(rewritten, from), sign, rewritten }))
    .filter(({ at }) => at !== -1)
    .sort((left, right) => left.at - right.at)[0];
}

/**
 * One part as written in an FQN: quoted when it has a dot, unquoted otherwise.
 * @throws RecordError for an empty part, or a double quote inside
 */
export function quoteName(part: string): string {
  const bare = isQuoted(part) ? part.slice(1, -1) : part;
  if (bare === '') throw new RecordError('A name in a fully qualified name is empty.', part);
  if (bare.includes('"')) {
    throw new RecordError(
      `The name ${part} has a double quote inside, which a fully qualified name cannot hold.`,
      part
    );
  }
  return bare.includes('.') ? `"${bare}"` : bare;
}

/** Joins parts as given (already rewritten, if necessary): `('shop', 'a.b', 'c')` → `shop."a.b".c`. */
export function buildFqn(...parts: readonly string[]): string {
  return parts.map(quoteName).join('.');
}

/** FQN of something below a service, from the source's own names: they are rewritten, the service's is not. */
export function entityFqn(service: string, ...sourceNames: readonly string[]): string {
  return buildFqn(service, ...sourceNames.map(rewriteName));
}

/** FQN of a column, from its table's FQN and the source's column names, outermost first for nested ones. */
export function columnFqn(tableFqn: string, ...sourceNames: readonly string[]): string {
  return [tableFqn, ...sourceNames.map((name) => quoteName(rewriteColumnName(name)))].join('.');
}

/**
 * The bare parts of an FQN: `shop."a.b".c` → `['shop', 'a.b', 'c']`.
 * @throws RecordError when quotes don't pair or a part is empty
 */
export function splitFqn(fqn: string): string[] {
  const parts = trySplitFqn(fqn);
  if (parts !== undefined) return parts;
  const rule = 'parts are joined by dots, a part with a dot is double-quoted.';
  throw new RecordError(`${fqn} is not a fully qualified name: ${rule}`, fqn);
}

/** `splitFqn` for text that may not be an FQN: undefined then. */
export function trySplitFqn(fqn: string): string[] | undefined {
  if (!fqn.includes('"')) {
    const plain = fqn.split('.');
    return plain.includes('') ? undefined : plain;
  }
  const parts: string[] = [];
  let position = 0;
  for (;;) {
    const quoted = fqn[position] === '"';
    const start = quoted ? position + 1 : position;
    const found = fqn.indexOf(quoted ? '"' : '.', start);
    if (quoted && found === -1) return undefined;
    const end = found === -1 ? fqn.length : found;
    const part = fqn.slice(start, end);
    if (part === '' || part.includes('"')) return undefined;
    parts.push(part);
    position = quoted ? end + 1 : end;
    if (position === fqn.length) return parts;
    if (fqn[position] !== '.') return undefined;
    position += 1;
  }
}

/** The same text for FQNs that only differ in quoting. Text that isn't an FQN is returned unchanged. */
export function normalizeFqn(fqn: string): string {
  if (!fqn.includes('"')) return fqn;
  const parts = trySplitFqn(fqn);
  return parts === undefined ? fqn : buildFqn(...parts);
}

/**
 * Percent-encodes everything but letters, digits and `_.-~`, `/` and quotes included, as FQNs are written in the
 * server's paths.
 */
export function encodeFqnInPath(fqn: string): string {
  // A lone surrogate, which encodeURIComponent refuses, becomes U+FFFD.
  const wellFormed = Buffer.from(fqn, 'utf8').toString('utf8');
  return encodeURIComponent(wellFormed).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`
  );
}

function isQuoted(part: string): boolean {
  return part.length >= 2 && part.startsWith('"') && part.endsWith('"');
}
