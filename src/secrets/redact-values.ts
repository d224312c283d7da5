import { redact } from './redaction.js';

/**
 * A copy of plain JSON with every text redacted, but its keys and what stands under `names`: a password `state` makes
 * of a document no other one.
 * @param names keys whose values are names of ours and no free text
 */
export function redactValues(value: unknown, names: ReadonlySet<string> = new Set()): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((item) => redactValues(item, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, names.has(key) ? inner : redactValues(inner, names)])
  );
}
