import { secretForms } from './secret-forms.js';

const MASK = '***';
/** Shorter values would mask ordinary words. */
const SHORTEST = 4;
/** Secrets kept in mind; beyond it the one registered longest ago is forgotten. A run has a handful. */
const MOST = 1000;

const registered = new Map<string, ReadonlySet<string>>();
let matcher: RegExp | undefined;

/**
 * Makes `redact` mask this value from now on. Values shorter than 4 characters are not registered. The last 1,000 values are kept;
 * registering a value again renews it.
 */
export function registerSecret(value: string): void {
  if (value.length < SHORTEST) return;
  const known = registered.get(value);
  registered.delete(value);
  registered.set(value, known ?? secretForms(value));
  if (known !== undefined) return;
  const [oldest] = registered.keys();
  if (registered.size > MOST && oldest !== undefined) registered.delete(oldest);
  matcher = undefined;
}

/** `text` with every registered value, also in its URL-encoded, base64 and JSON-escaped form, replaced by `***`. */
export function redact(text: string): string {
  if (registered.size === 0) return text;
  matcher ??= buildMatcher();
  return text.replace(matcher, MASK);
}

/** Redacts, then cuts to `most` characters with an ellipsis: in this order, so that no secret is cut in half and missed. */
export function redactAndCut(text: string, most: number): string {
  const masked = redact(text);
  return masked.length <= most ? masked : `${masked.slice(0, Math.max(0, most - 1))}…`;
}

/** Longest first: of two secrets one of which holds the other, the longer is masked whole. */
function buildMatcher(): RegExp {
  const forms = new Set([...registered.values()].flatMap((known) => [...known]));
  const longestFirst = [...forms].sort((one, other) => other.length - one.length);
  return new RegExp(longestFirst.map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g');
}
