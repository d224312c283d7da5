import { beginning } from '../errors/index.js';
import { exactNumber } from '../sources/index.js';
import { LiteralError, parseLiteral, type Literal } from './python-literal.js';
import { TestAborted } from './test-aborted.js';

/** A parameter as the server's test definition describes it. */
export interface ParameterDefinition {
  readonly name: string;
  readonly dataType?: string | undefined;
  readonly required?: boolean | undefined;
  readonly optionValues?: readonly unknown[] | undefined;
  readonly validationRule?:
    { readonly parameterField?: string | undefined; readonly rule?: string | undefined } | undefined;
}

export interface ParameterValue {
  readonly name: string;
  readonly value: string;
}

const NUMERIC = new Set(['NUMBER', 'INT', 'FLOAT', 'DOUBLE', 'DECIMAL']);

/** How the value of one parameter must relate to another's, as the server's rules name it. */
const RULES: Readonly<
  Record<string, { readonly word: string; readonly holds: (one: number, other: number) => boolean }>
> = {
  EQUALS: { word: 'equal to', holds: (one, other) => one === other },
  NOT_EQUALS: { word: 'different from', holds: (one, other) => one !== other },
  GREATER_THAN_OR_EQUALS: { word: 'at least', holds: (one, other) => one >= other },
  LESS_THAN_OR_EQUALS: { word: 'at most', holds: (one, other) => one <= other },
};

/**
 * The parameter values of a test case, checked against the server's definition of its test. An empty string means
 * absent. Every method throws TestAborted, naming the parameter, for a value that can't be used.
 */
export class Parameters {
  readonly #values: ReadonlyMap<string, string>;
  readonly #definitions: ReadonlyMap<string, ParameterDefinition>;

  constructor(values: readonly ParameterValue[], definitions: readonly ParameterDefinition[]) {
    this.#definitions = new Map(definitions.map((definition) => [definition.name, definition]));
    this.#values = new Map(values.filter(({ value }) => value.trim() !== '').map(({ name, value }) => [name, value]));
  }

  /** Whether the server's definition has this parameter: `threshold` came with OpenMetadata 2.1. */
  knows(name: string): boolean {
    return this.#definitions.has(name);
  }

  /** Everything the server's definition says about the values, checked before anything is measured. */
  check(): void {
    for (const name of this.#values.keys()) {
      if (this.#definitions.has(name)) continue;
      const known = [...this.#definitions.keys()];
      throw new TestAborted(
        `parameter ${name} is not one of this test's. ${known.length === 0 ? 'It has none.' : `Allowed: ${known.join(', ')}.`}`
      );
    }
    for (const definition of this.#definitions.values()) this.#checkOne(definition);
  }

  text(name: string): string | undefined {
    return this.#values.get(name);
  }

  requiredText(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw new TestAborted(`parameter ${name} is required and missing.`);
    return value;
  }

  number(name: string): number | undefined {
    const text = this.text(name)?.trim();
    if (text === undefined) return undefined;
    const value = /^[+-]?inf(inity)?$/i.test(text) ? Number(text.startsWith('-') ? -Infinity : Infinity) : Number(text);
    if (Number.isNaN(value))
      throw new TestAborted(`parameter ${name} is ${shown(text)}, not a number.${dateHint(text)}`);
    return value;
  }

  /** The same, as text where a double can't hold it. */
  exact(name: string): number | string | undefined {
    const number = this.number(name);
    return number === undefined || !Number.isFinite(number) ? number : exactNumber(this.text(name)?.trim() ?? '');
  }

  requiredNumber(name: string): number {
    this.requiredText(name);
    return this.number(name) ?? 0;
  }

  integer(name: string): number | undefined {
    const value = this.number(name);
    if (value !== undefined && !Number.isSafeInteger(value))
      throw new TestAborted(`parameter ${name} is ${shown(this.text(name) ?? '')}, not a whole number.`);
    return value;
  }

  requiredInteger(name: string): number {
    this.requiredText(name);
    return this.integer(name) ?? 0;
  }

  /** True only for `true`, in any case. */
  flag(name: string): boolean {
    return this.text(name)?.trim().toLowerCase() === 'true';
  }

  /** One of a few words, in any case. */
  option<Option extends string>(name: string, options: readonly Option[]): Option | undefined {
    const text = this.text(name)?.trim().toUpperCase();
    if (text === undefined) return undefined;
    const found = options.find((option) => option === text);
    if (found === undefined)
      throw new TestAborted(`parameter ${name} is ${shown(this.text(name) ?? '')}. Allowed: ${options.join(', ')}.`);
    return found;
  }

  /** A Python or JSON list, tuple or set of values. */
  list(name: string): readonly Literal[] | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = this.#literal(name, text);
    if (Array.isArray(value) && value.every((item) => !Array.isArray(item))) return value as readonly Literal[];
    throw new TestAborted(`parameter ${name} is ${shown(text)}, not a list such as ["a", "b"].`);
  }

  requiredList(name: string): readonly Literal[] {
    this.requiredText(name);
    return this.list(name) ?? [];
  }

  #literal(name: string, text: string): Literal {
    try {
      return parseLiteral(text);
    } catch (error) {
      if (!(error instanceof LiteralError)) throw error;
      throw new TestAborted(`parameter ${name} is ${shown(text)}, not a list such as ["a", "b"]: ${error.message}.`);
    }
  }

  #checkOne({ name, dataType, required, optionValues, validationRule }: ParameterDefinition): void {
    const text = this.text(name);
    if (text === undefined) {
      if (required === true) throw new TestAborted(`parameter ${name} is required and missing.`);
      return;
    }
    if (dataType !== undefined && NUMERIC.has(dataType)) this.number(name);
    const options = (optionValues ?? []).filter((option) => typeof option === 'string');
    if (options.length > 0 && !options.some((option) => option.toLowerCase() === text.trim().toLowerCase()))
      throw new TestAborted(`parameter ${name} is ${shown(text)}. Allowed: ${options.join(', ')}.`);
    const rule = RULES[validationRule?.rule ?? ''];
    const other = validationRule?.parameterField;
    if (rule === undefined || other === undefined || this.text(other) === undefined) return;
    const [value, against] = [this.number(name) ?? 0, this.number(other) ?? 0];
    if (!rule.holds(value, against))
      throw new TestAborted(`parameter ${name} is ${value}; it must be ${rule.word} ${other}, which is ${against}.`);
  }
}

/** What to write for a day, and a time of it, in UTC. */
function dateHint(text: string): string {
  const [found, day = '', time = '00:00', zone = 'Z'] =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/.exec(text) ?? [];
  const epoch = found === undefined ? NaN : Date.parse(`${day}T${time}${zone}`);
  return Number.isNaN(epoch) ? '' : ` Times are milliseconds since 1970, in UTC: this one is ${epoch}.`;
}

/** A value in a message, shortened. */
function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${beginning(text, 60)}…` : text);
}
