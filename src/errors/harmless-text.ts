/**
 * Colours that this program sets itself; any other escape sequence may move the cursor, write the clipboard or hide
 * text.
 */
// eslint-disable-next-line no-control-regex -- control characters are what it is about
const OWN_COLOR = /\u001b\[(?:0|1|2|22|31|32|33|35|36|39)m/y;
/** Control characters except line ends and tabs, and those that change the direction of what follows. */
// eslint-disable-next-line no-control-regex -- control characters are what it is about
const HARMFUL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Makes text safe for a terminal: control characters, which a name in a source may contain, are shown as `\u001b`; this
 * program's own colours stay.
 */
export function harmlessText(text: string): string {
  return text.replace(HARMFUL, (sign, at: number) => {
    OWN_COLOR.lastIndex = at;
    return sign === '\u001b' && OWN_COLOR.test(text) ? sign : escaped(sign);
  });
}

/** The same for something that is logged, at any depth. */
export function harmlessValue(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(HARMFUL, escaped);
  if (Array.isArray(value)) return value.map(harmlessValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.replace(HARMFUL, escaped), harmlessValue(inner)])
  );
}

function escaped(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
