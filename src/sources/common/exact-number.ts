const DECIMAL = /^([+-]?)0*(\d*)\.?(\d*)$/;

/** A decimal without exponent as a number, or as text without needless zeros where a double can't hold it. */
export function exactNumber(text: string): number | string {
  const number = Number(text);
  const digits = plainDigits(text.trim());
  return digits === undefined || digits === plainDigits(String(number)) ? number : digits;
}

function plainDigits(text: string): string | undefined {
  const [found, sign = '', whole = '', fraction = ''] = DECIMAL.exec(text) ?? [];
  if (found === undefined || !/\d/.test(text)) return undefined;
  const rest = fraction.replace(/0+$/, '');
  const digits = `${whole || '0'}${rest === '' ? '' : `.${rest}`}`;
  return sign === '-' && digits !== '0' ? `-${digits}` : digits;
}
