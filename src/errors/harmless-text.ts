/**
 * Control and format characters (among them those that are invisible or change the direction of what follows), line and
 * paragraph separators, and letters that show nothing. Tabs are harmless.
 */
const HARMFUL = /[\u034f\u17b4\u17b5\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu;
const NAMED: Readonly<Record<string, string>> = { '\t': '\t', '\n': '\\n', '\r': '\\r' };

/**
 * Makes what a source, a server or a recipe says safe for one line of a terminal: what could command it, hide or turn
 * text, or begin a line that looks like one of ours, is shown as `\u001b` or `\n`. Doing it twice changes nothing.
 */
export function harmlessLine(text: string): string {
  return text.replace(HARMFUL, escaped);
}

/** The same for text of several lines of our own, into which others' words were put by `harmlessLine`. */
export function harmlessText(text: string): string {
  return text.replace(HARMFUL, (sign) => (sign === '\n' ? sign : escaped(sign)));
}

/** The continuation lines of a message are set in by so many spaces, so that none looks like a line of ours. */
export function hangingText(text: string, indent: number): string {
  return harmlessText(text).replaceAll('\n', `\n${' '.repeat(indent)}`);
}

/** `harmlessText` for something that is logged, at any depth. */
export function harmlessValue(value: unknown): unknown {
  if (typeof value === 'string') return harmlessText(value);
  if (Array.isArray(value)) return value.map(harmlessValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [harmlessText(key), harmlessValue(inner)]));
}

function escaped(sign: string): string {
  const units = sign.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return NAMED[sign] ?? units.join('');
}
