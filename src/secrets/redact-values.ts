import { redact } from './redaction.js';

/**
 * A copy of plain JSON with every string redacted, except its keys and what is under `names`: a password `state`
 * doesn't change a document's structure.
 * @param names keys whose values are names of ours and not free text
 */
export function redactValues(value: unknown, names: ReadonlySet<string> = new Set()): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((item) => redactValues(item, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, names.has(key) ? inner : redactValues(inner, names)])
  );
}
