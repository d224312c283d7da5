/** Documents of a catalog have about ten levels; what walks through them is recursive. */
const DEEPEST = 100;

export const TOO_DEEP = `The body is nested more than ${DEEPEST} levels deep`;

const QUOTE = 34;
const BACKSLASH = 92;
const OPENING: ReadonlySet<number> = new Set([91, 123]);
const CLOSING: ReadonlySet<number> = new Set([93, 125]);

/** Lists, mappings and what they hold: a page of a thousand tables has about a million. */
const MOST_PARTS = 8_000_000;
const COMMA = 44;

/** The same of a text that may be JSON, before a parser makes an object of each of its levels. */
export function isTooDeepText(text: string): boolean {
  return textFault(text) === 'deep';
}

/** What a parser of JSON would block a process with for seconds, or fill its memory: levels, or parts, without end. */
export function textFault(text: string): 'deep' | 'many' | undefined {
  let depth = 0;
  let parts = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charCodeAt(at);
    if (sign === QUOTE) at = endOfText(text, at);
    else if (sign === COMMA) parts += 1;
    else if (OPENING.has(sign)) {
      depth += 1;
      parts += 1;
      if (depth > DEEPEST + 1) return 'deep';
    } else if (CLOSING.has(sign)) depth -= 1;
    if (parts > MOST_PARTS) return 'many';
  }
  return undefined;
}

/** Where the text ends that begins at the quote `at`; brackets in it are no nesting. */
function endOfText(text: string, at: number): number {
  for (let end = text.indexOf('"', at + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === BACKSLASH) before -= 1;
    if ((end - before) % 2 === 1) return end;
  }
  return text.length;
}

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
