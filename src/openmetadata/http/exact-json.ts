/**
 * JSON with numbers of any size. JSON allows them, and so does OpenMetadata where its schema says integer; JavaScript's
 * own functions would round them to a double.
 */

/** A decimal that a double can't hold: its digits, as JSON writes them. */
export class ExactDecimal {
  constructor(readonly digits: string) {}

  toString(): string {
    return this.digits;
  }
}

/** Before the digits, while they pass through JSON.stringify and JSON.parse as a string: a noncharacter. */
const MARK = '\uFDD0';
const MARKED = new RegExp(`"${MARK}(-?\\d+(?:\\.\\d+)?)"`, 'g');
/**
 * A string, which may look like anything, a whole number of so many digits that a double may not hold it, or a decimal
 * without an exponent.
 */
const TOKENS = /"(?:[^"\\]|\\.)*"|(?<!\d)-?\d{16,}(?![\d.eE])|(?<![\d.])-?\d+\.\d+(?![\d.eE])/g;

/** Bigints and exact decimals are written as numbers; keys whose value is null are left out. */
export function exactJson(value: unknown): string {
  let has = false;
  const text = JSON.stringify(value, (_, each: unknown) => {
    const digits = each instanceof ExactDecimal ? each.digits : typeof each === 'bigint' ? each.toString() : undefined;
    if (digits === undefined) return each ?? undefined;
    has = true;
    return MARK + digits;
  });
  return has ? text.replace(MARKED, '$1') : text;
}

/**
 * Whole numbers that a double can't hold are bigints.
 * @param of `decimals`: those that a double can't hold are exact decimals; `whole`: they are doubles
 * @throws SyntaxError for text that isn't JSON
 */
export function parseExactJson(text: string, of: 'whole' | 'decimals' = 'whole'): unknown {
  const usual: unknown = JSON.parse(text);
  const marked = withMarks(text, of);
  if (marked === text) return usual;
  return JSON.parse(marked, (_, each: unknown) => {
    const digits = typeof each === 'string' && each.startsWith(MARK) ? each.slice(1) : '';
    if (/^-?\d+$/.test(digits)) return BigInt(digits);
    return /^-?\d+\.\d+$/.test(digits) ? new ExactDecimal(digits) : each;
  });
}

/**
 * Numbers that a double can't hold are marked texts, which JSON.stringify and JSON.parse leave alone, until
 * `withoutMarks` writes the numbers again.
 * @throws SyntaxError for text that isn't JSON
 */
export function parseMarked(text: string): unknown {
  const usual: unknown = JSON.parse(text);
  const marked = withMarks(text, 'decimals');
  return marked === text ? usual : JSON.parse(marked);
}

/** JSON with the numbers that `parseMarked` marked. */
export function withoutMarks(json: string): string {
  return json.includes(MARK) ? json.replace(MARKED, '$1') : json;
}

/** A text that `parseMarked` marked as the double that JSON.parse makes of it; any other as it is. */
export function unmarked(text: string): string | number {
  return text.startsWith(MARK) ? Number(text.slice(1)) : text;
}

function withMarks(text: string, of: 'whole' | 'decimals'): string {
  if (!/[\d.]{16}/.test(text)) return text;
  return text.replace(TOKENS, (token, at: number) => {
    if (token.startsWith('"') || /[\d.eE+]/.test(text.charAt(at - 1))) return token;
    const isHeld = token.includes('.') ? of === 'whole' || isDouble(token) : Number.isSafeInteger(Number(token));
    return isHeld ? token : `"${MARK}${token}"`;
  });
}

/**
 * Whole numbers that a double can't hold are texts of their digits, and so are decimals among a column's values; other
 * decimals are amounts.
 * @throws SyntaxError for text that isn't JSON
 */
export function parseWithDigits(text: string): unknown {
  const asText = (value: unknown, key: string): unknown => {
    if (typeof value === 'bigint') return value.toString();
    if (value instanceof ExactDecimal) return key === 'partitionValues' ? value.digits : Number(value.digits);
    if (Array.isArray(value)) return value.map((each) => asText(each, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, asText(each, name)]));
  };
  return /[\d.]{16}/.test(text) ? asText(parseExactJson(text, 'decimals'), '') : JSON.parse(text);
}

/** Whether the double next to a decimal is written with the same digits. */
function isDouble(decimal: string): boolean {
  const [written = ''] = Number(decimal).toExponential().split('e');
  return significant(written) === significant(decimal);
}

function significant(digits: string): string {
  return digits
    .replace(/[-.]/g, '')
    .replace(/^0+/, '')
    .replace(/(?<!0)0+$/, '');
}
