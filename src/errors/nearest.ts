import { distance } from 'fastest-levenshtein';

/**
 * The known name that `found` was most likely meant to be; undefined when none is near. Upper and lower case count as
 * equal.
 */
export function nearest(found: string, known: readonly string[]): string | undefined {
  let best: { readonly name: string; readonly edits: number } | undefined;
  for (const name of known) {
    const edits = nameDistance(found, name);
    if (edits < (best?.edits ?? Infinity)) best = { name, edits };
  }
  return best !== undefined && isNear(found, best.edits) ? best.name : undefined;
}

/** First the known names that one of `found` was likely meant to be, the nearest first; then the others as they are. */
export function nearestFirst(found: readonly string[], known: readonly string[]): readonly string[] {
  const near: { readonly name: string; readonly edits: number }[] = [];
  const others: string[] = [];
  for (const name of known) {
    const edits = Math.min(
      ...found.map((each) => nameDistance(each, name)).filter((each, at) => isNear(found[at] ?? '', each))
    );
    if (edits === Infinity) others.push(name);
    else near.push({ name, edits });
  }
  return [...near.sort((one, other) => one.edits - other.edits).map(({ name }) => name), ...others];
}

/** Mistyped letters; upper and lower case count as equal. */
export function nameDistance(one: string, other: string): number {
  return distance(one.toLowerCase(), other.toLowerCase());
}

/** Two swapped letters are two edits; if half of a name is mistyped, it is another name. */
export function isNear(found: string, edits: number): boolean {
  return edits <= Math.max(1, Math.round(found.length * 0.4));
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
