import { isRunStatement, isRunText } from './reader/dynamic/statement-text.js';
import { mayRunText } from './reader/dynamic/text-runners.js';
import type { Token } from './reader/token.js';

/** Settings that hold the schema of unqualified names. */
const HOLDS_SCHEMA: ReadonlySet<string> = new Set(['search_path', 'schema', 'current_schema']);
const SETS = /^(?:set|session|local|current)$/;
const RUNS = /^(?:exec|execute|immediate|sp_executesql)$/;
/** Functions that take tables by their names in strings: TABLE('…'), TABLE_CHANGES('…'), Vertica's for partitions. */
const TAKES_NAMES =
  /^(?:table|table_changes|cluster|clusterallreplicas|swap_partitions_between_tables|move_partitions_to_table|copy_partitions_to_table)$/;

/**
 * Finds out whether the literals of SQL say which tables it uses, so that texts which differ in nothing else are
 * different statements: dynamic SQL, and tables and schemas that are named by strings.
 */
export class NamingLiterals {
  #runsText = false;
  #hasStatement = false;
  #hasName = false;
  #setsSchema = false;
  #hasString = false;
  #opensIdentifier = false;
  #namesByVariable = false;
  /** What comes next is run, whatever it begins with. */
  #opensRun = false;
  /** Depth of brackets, and that of the call which takes names; -1 outside. */
  #depth = 0;
  #callDepth = -1;

  /** @param last the token before */
  take(token: Token, last: Token | undefined): void {
    const { kind, word } = token;
    // `SET t = 's.t'; … IDENTIFIER($t)`
    this.#namesByVariable ||= this.#opensIdentifier && kind !== 'string';
    this.#opensIdentifier = word === '(' && last?.word === 'identifier';
    if (kind !== 'string') this.#opensRun = RUNS.test(word) || (word === '(' && this.#opensRun);
    if (kind === 'word') {
      this.#runsText ||= mayRunText(word);
      this.#setsSchema ||= HOLDS_SCHEMA.has(word) && SETS.test(last?.word ?? '');
    } else if (word === ';') this.#setsSchema = false;
    // BigQuery's `SET @@dataset_id = 's'`
    else if (kind === 'parameter') this.#setsSchema ||= /^@@dataset_(project_)?id$/i.test(token.text);
    else if (word === '(') {
      this.#depth += 1;
      if (this.#callDepth < 0 && TAKES_NAMES.test(last?.word ?? '')) this.#callDepth = this.#depth;
    } else if (word === ')') {
      if (this.#callDepth === this.#depth) this.#callDepth = -1;
      this.#depth -= 1;
    } else if (kind === 'string') {
      this.#hasString = true;
      this.#hasName ||= this.#setsSchema || this.#callDepth === this.#depth;
      // `set_config('search_path', 's', false)`
      this.#hasName ||= token.text.toLowerCase() === 'search_path';
      this.#hasStatement ||= this.#opensRun ? isRunText(token.text) : isRunStatement(token.text);
      this.#opensRun = false;
    }
  }

  get found(): boolean {
    return this.#hasName || (this.#namesByVariable && this.#hasString) || (this.#runsText && this.#hasStatement);
  }
}
