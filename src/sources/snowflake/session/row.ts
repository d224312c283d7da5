import { PermanentError } from '../../../errors/index.js';

/** One row of a result, its values read by name and checked: the shape of what a statement returns isn't trusted. */
export class Row {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(value: unknown) {
    if (!isRecord(value)) throw new PermanentError(`Snowflake returned a row that isn't an object: ${typeof value}.`);
    this.#values = value;
  }

  /** Names and values of all columns, in their order, as the driver gives them. */
  get names(): readonly string[] {
    return Object.keys(this.#values);
  }

  get values(): readonly unknown[] {
    return Object.values(this.#values);
  }

  /** @throws PermanentError when the value is absent or not a string. */
  text(name: string): string {
    const value = this.optionalText(name);
    if (value === undefined) throw new PermanentError(`Snowflake answered no value of ${name} where one is expected.`);
    return value;
  }

  /** undefined for NULL, an absent column and the empty string that SHOW returns for nothing. */
  optionalText(name: string): string | undefined {
    const value = this.#values[name];
    if (typeof value === 'string') return value === '' ? undefined : value;
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
  }

  /** undefined for NULL, an absent column and anything that isn't a number. */
  optionalNumber(name: string): number | undefined {
    const value = this.#values[name];
    const number = typeof value === 'string' && value !== '' ? Number(value) : value;
    return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
  }

  /** True for YES, Y and true, the three ways the catalog says so. */
  flag(name: string): boolean {
    const value = this.#values[name];
    return value === true || (typeof value === 'string' && /^(yes|y|true)$/i.test(value));
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
