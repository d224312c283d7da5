import { closest, distance } from 'fastest-levenshtein';

/** The known name that `found` was most likely meant to be; undefined when none is near. Upper and lower case count as equal. */
export function nearest(found: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const candidate = closest(
    found.toLowerCase(),
    known.map((name) => name.toLowerCase())
  );
  const edits = distance(found.toLowerCase(), candidate);
  // Two letters swapped are two edits; half of a name mistyped is another name.
  if (edits > Math.max(1, Math.round(found.length * 0.4))) return undefined;
  return known.find((name) => name.toLowerCase() === candidate);
}

/** ` Did you mean x?`, or nothing. */
export function didYouMean(found: string, known: readonly string[]): string {
  const name = nearest(found, known);
  return name === undefined ? '' : ` Did you mean \`${name}\`?`;
}

/** `a`, `b`, `c`. */
export function listed(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
