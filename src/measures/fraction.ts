/** A number of any size with all its digits, where doubles would round. */
export class Fraction {
  private constructor(
    private readonly above: bigint,
    /** Above 0. */
    private readonly below: bigint
  ) {}

  /** @returns undefined for what is no finite decimal number */
  static of(value: unknown): Fraction | undefined {
    const text = typeof value === 'string' ? value.trim() : String(value);
    const [found, sign = '', whole = '', fraction = '', power = '0'] = DECIMAL.exec(text) ?? [];
    if (found === undefined || whole + fraction === '') return undefined;
    const shift = Number(power) - fraction.length;
    const digits = BigInt(`${sign === '-' ? '-' : ''}${whole}${fraction}`);
    return shift < 0 ? new Fraction(digits, 10n ** BigInt(-shift)) : new Fraction(digits * 10n ** BigInt(shift), 1n);
  }

  plus(other: Fraction): Fraction {
    return this.below === other.below
      ? new Fraction(this.above + other.above, this.below)
      : new Fraction(this.above * other.below + other.above * this.below, this.below * other.below);
  }

  minus(other: Fraction): Fraction {
    return this.plus(new Fraction(-other.above, other.below));
  }

  times(other: Fraction): Fraction {
    return new Fraction(this.above * other.above, this.below * other.below);
  }

  /** @param divisor above 0 */
  over(divisor: Fraction): Fraction {
    return new Fraction(this.above * divisor.below, this.below * divisor.above);
  }

  /** Below 0, 0 or above 0, as this is below, equal to or above the other. */
  compare(other: Fraction): number {
    const difference = this.minus(other).above;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }

  /** The nearest double. */
  get double(): number {
    const digits = Math.max(0, 25 + String(this.below).length - String(this.above).length);
    return Number(`${(this.above * 10n ** BigInt(digits)) / this.below}e-${digits}`);
  }

  /** Digits before the point; 0 or less below 1: those that are 0 behind it. */
  get wholeDigits(): number {
    const size = this.above < 0n ? -this.above : this.above;
    if (size === 0n) return 0;
    const guess = String(size).length - String(this.below).length;
    const isLess = guess < 0 ? size * 10n ** BigInt(-guess) < this.below : size < this.below * 10n ** BigInt(guess);
    return isLess ? guess : guess + 1;
  }

  /** As `Number.toExponential(3)` has it: `1.235e-400`. */
  get exponential(): string {
    const power = this.wholeDigits - 1;
    const [up, down] = power < 0 ? [10n ** BigInt(-power), 1n] : [1n, 10n ** BigInt(power)];
    const [digits = '', more = '0'] = new Fraction(this.above * up, this.below * down).double
      .toExponential(3)
      .split('e');
    return `${digits}e${power + Number(more) < 0 ? '' : '+'}${power + Number(more)}`;
  }

  /** Digits behind the point, of decimals. */
  get fractionDigits(): number {
    return this.text.split('.')[1]?.length ?? 0;
  }

  /** Of decimals, their sums, differences and products: as it is. */
  get text(): string {
    return this.ceiling(String(this.below).length - 1);
  }

  /** The least decimal of so many digits behind the point that isn't less. */
  ceiling(digits: number): string {
    const shifted = this.above * 10n ** BigInt(digits);
    const floor = shifted / this.below;
    const least = shifted > floor * this.below ? floor + 1n : floor;
    const [sign, size] = least < 0n ? ['-', -least] : ['', least];
    const padded = String(size).padStart(digits + 1, '0');
    const [whole, fraction] = [padded.slice(0, padded.length - digits), padded.slice(padded.length - digits)];
    const rest = fraction.replace(/0+$/, '');
    return rest === '' ? `${sign}${whole}` : `${sign}${whole}.${rest}`;
  }
}

const DECIMAL = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i;
