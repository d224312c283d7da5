import { beginning } from '../errors/index.js';

/** Where a value is in a recipe: keys of mappings, indexes of lists. */
export type RecipePath = readonly (string | number)[];

/** Characters of a key that a message shows. */
const LONGEST_KEY = 60;

/**
 * `source.serviceConnection.config.hostPort`, `source.sourceConfig.config.tableFilterPattern.includes[0]`; the form
 * used in messages.
 */
export function dotted(path: RecipePath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const key = part.length > LONGEST_KEY ? `${beginning(part, LONGEST_KEY)}…` : part;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}

/** JSON pointer (RFC 6901) of a path. */
export function pointer(path: RecipePath): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path, undefined if there is none. */
export function valueAt(root: unknown, path: RecipePath): unknown {
  return path.reduce<unknown>((value, part) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    return Reflect.get(value, part);
  }, root);
}
