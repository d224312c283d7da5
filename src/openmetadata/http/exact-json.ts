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
  if (!/[\d.]{16}/.test(text)) return usual;
  let has = false;
  const marked = text.replace(TOKENS, (token, at: number) => {
    if (token.startsWith('"') || /[\d.eE+]/.test(text.charAt(at - 1))) return token;
    const isHeld = token.includes('.') ? of === 'whole' || isDouble(token) : Number.isSafeInteger(Number(token));
    if (isHeld) return token;
    has = true;
    return `"${MARK}${token}"`;
  });
  if (!has) return usual;
  return JSON.parse(marked, (_, each: unknown) => {
    const digits = typeof each === 'string' && each.startsWith(MARK) ? each.slice(1) : '';
    if (/^-?\d+$/.test(digits)) return BigInt(digits);
    return /^-?\d+\.\d+$/.test(digits) ? new ExactDecimal(digits) : each;
  });
}

/**
 * Whole numbers that a double can't hold are texts of their digits.
 * @throws SyntaxError for text that isn't JSON
 */
export function parseWithDigits(text: string): unknown {
  const asText = (value: unknown): unknown => {
    if (typeof value === 'bigint') return value.toString();
    if (Array.isArray(value)) return value.map(asText);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, asText(each)]));
  };
  return /\d{16}/.test(text) ? asText(parseExactJson(text)) : JSON.parse(text);
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
