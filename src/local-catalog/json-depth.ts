/** Documents of a catalog have about ten levels; what walks through them is recursive. */
const DEEPEST = 100;

export const TOO_DEEP = `The body is nested more than ${DEEPEST} levels deep`;

/** Whether JSON is nested deeper than any document is; needs no stack itself. */
export function isTooDeep(value: unknown): boolean {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next.value !== 'object' || next.value === null) continue;
    if (next.depth > DEEPEST) return true;
    for (const inner of Object.values(next.value)) open.push({ value: inner, depth: next.depth + 1 });
  }
  return false;
}
