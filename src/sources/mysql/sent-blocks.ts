import { bodyKey, plainStatement, statementsOf } from './body-statements.js';
import type { PlacedStatement } from './tables-written.js';

const MAY_BE = /;[^]*\bend\b/i;
/** BEGIN and DECLARE alone begin blocks under sql_mode ORACLE; else BEGIN with something behind is BEGIN WORK. */
const BEGINS = /^(?:set statement .* for )?(?:<<|begin (?!work\b)[\w?]|declare |(?:if|case|while|for|repeat|loop)\b)/;
/** What else has statements inside, that don't run when it does. */
const STORES = /^(?:create|alter) /;
const TYPED = /(?<![\w$.@])(?:timestamp|datetime|date|time|x|b|n|_\w+) ?\?/g;
const VALUE = /-?(?<![\w$.@])(?:0x[0-9a-f]+|\d+(?:\.\d*)?(?:e[-+]?\d+)?|\.\d+|null)(?![\w$.])/g;

/**
 * A block that a session sends (`BEGIN NOT ATOMIC … END`, `IF … END IF`). MariaDB logs it and, where it logs what
 * procedures do, each statement of it that runs.
 */
export class SentBlock {
  private constructor(
    readonly statement: PlacedStatement,
    private readonly keys: ReadonlySet<string>
  ) {}

  /** @param statement whose text may be cut */
  static of(text: string, statement: PlacedStatement): SentBlock | undefined {
    if (!MAY_BE.test(text)) return undefined;
    const pieces = plainStatement(text).split(';');
    const first = pieces.findIndex((piece) => BEGINS.test(piece) || STORES.test(piece));
    if (first === -1 || STORES.test(pieces[first] ?? '')) return undefined;
    const keys = statementsOf(pieces.slice(first).join(';'));
    return new SentBlock(statement, new Set([...keys].map(withoutValues)));
  }

  /** Whether a row is a statement of it. */
  has(row: string): boolean {
    return this.keys.has(withoutValues(bodyKey(row)));
  }
}

/** One that was prepared is logged with its placeholders, and its statements with values in their place. */
function withoutValues(key: string): string {
  return key.replace(TYPED, '?').replace(VALUE, '?');
}
