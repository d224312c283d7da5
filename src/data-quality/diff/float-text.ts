import { LONG_FLOAT, LONG_WHOLE } from '../../sources/index.js';

const DECIMALS = 6;

/**
 * A floating-point number as `RowHashing.text` has it. What is rounded are the digits that it is written with, as in
 * databases: the double 5e-7 is a bit below its text, and toFixed would make 0 of it.
 */
export function floatText(number: number): string {
  if (!Number.isFinite(number)) return String(number);
  if (Math.abs(number) >= Number(LONG_FLOAT)) return String(number).replace('+', '');
  if (Math.abs(number) >= Number(LONG_WHOLE)) return String(BigInt(number));
  const [mantissa = '', exponent = '0'] = Math.abs(number).toExponential().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = BigInt(whole + fraction);
  const shift = Number(exponent) - fraction.length + DECIMALS;
  const scaled =
    shift >= 0 ? digits * 10n ** BigInt(shift) : (digits + 10n ** BigInt(-shift) / 2n) / 10n ** BigInt(-shift);
  const text = String(scaled).padStart(DECIMALS + 1, '0');
  const decimals = text.slice(-DECIMALS).replace(/0+$/, '');
  const sign = number < 0 && scaled !== 0n ? '-' : '';
  return `${sign}${text.slice(0, -DECIMALS)}${decimals === '' ? '' : `.${decimals}`}`;
}
