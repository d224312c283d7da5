import { inspect } from 'node:util';
import { registerSecret } from './redaction.js';

const MASK = '***';

/**
 * A value that shows itself only when asked: text, JSON and inspect give `***`. Creating one registers the value for
 * `redact`.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
    registerSecret(value);
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}
