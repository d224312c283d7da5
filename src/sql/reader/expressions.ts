import { isDatePart } from './call-frames.js';
import { readEquality, readRowEqualities } from './equalities.js';
import { newExpression, type Expression } from '../tree.js';
import type { Cursor } from './cursor.js';
import { readDottedName } from './dotted-name.js';
import type { Token } from './token.js';
import { clauseWidth } from './clause-words.js';
import {
  endOfOperator,
  endOfPath,
  isNoColumn,
  isPosition,
  isValueWord,
  isWindowName,
  ODBC_WORDS,
  readExclusion,
  XML_METHODS,
} from './expression-words.js';
import { DATE_PARTS, OPERATOR_WORDS, TYPE_WORDS } from './keywords.js';
import { columnParts, identityAt, isName } from './names.js';
import { OpenBrackets } from './open-brackets.js';
import { readQuery, readTableOfIn } from './queries.js';
import { readRowField } from './row-fields.js';
import { noteTable, opensQuery, readTableArgument } from './table-arguments.js';
import { skipType } from './type-names.js';

/**
 * Collects the columns and subqueries of the tokens from `from` up to `to`, exclusive. It knows no precedence: lineage
 * asks what is read, not what is computed, so it only has to tell columns from everything else that is a word.
 */
export function readExpression(cursor: Cursor, from: number, to: number): Expression {
  const expression = newExpression();
  const { at } = cursor;
  new ExpressionScan(cursor, from, to, expression).run();
  cursor.at = at;
  return expression;
}

class ExpressionScan {
  #at: number;
  #unit = false;
  readonly #brackets = new OpenBrackets();
  readonly around = this.#brackets.all;

  constructor(
    private readonly cursor: Cursor,
    readonly from: number,
    readonly to: number,
    private readonly out: Expression
  ) {
    this.#at = from;
  }

  run(): void {
    while (this.#at < this.to) {
      const token = this.cursor.token(this.#at);
      if (token.kind === 'punct') this.#operator(token.word);
      else if (token.kind === 'word') this.#word(token.word);
      else if (token.kind === 'quoted') this.#name();
      else this.#literal(token);
    }
  }

  #operator(operator: string): void {
    switch (operator) {
      case '(':
        if (this.#rowField()) return;
        this.#open('');
        return;
      case '[':
      case '{':
        this.#open('');
        // ODBC escapes: `{fn UCASE(x)}`, `{d '2024-01-01'}`.
        if (operator === '{' && ODBC_WORDS.has(this.cursor.token(this.#at).word)) this.#at += 1;
        return;
      case ')':
      case ']':
      case '}':
        this.#brackets.close();
        this.#at += 1;
        this.#fields();
        return;
      case ',':
        this.#brackets.nextArgument();
        this.#unit = false;
        break;
      case '*':
        if (this.#brackets.innermost !== undefined && /^[({,]$/.test(this.cursor.token(this.#at - 1).word)) {
          this.#star([]);
          return;
        }
        break;
      case '::':
        this.#at = skipType(this.cursor, this.#at + 1);
        return;
      case ':':
        this.#colon();
        return;
      default:
    }
    this.#at += 1;
  }

  /** Notes the `(t).c` at the current position; false when there is none. */
  #rowField(): boolean {
    const { cursor } = this;
    const found = readRowField(cursor, this.#at, this.to);
    if (found === undefined) return false;
    const first = this.#at;
    const { end, ...column } = found;
    this.#at = end;
    if (this.#brackets.isLambda(column.parts[0] ?? '')) return true;
    this.out.columns.push(column);
    const equality = readEquality(cursor, this, first, end, column);
    if (equality !== undefined) this.out.equalities.push(equality);
    return true;
  }

  /** Opens the bracket at the current position; a subquery in it is read whole. */
  #open(call: string): void {
    const { cursor } = this;
    const close = cursor.closeOf(this.#at);
    if (
      opensQuery(cursor, this.from, { call, open: this.#at }) &&
      this.#brackets.holdQuery(cursor, this.#at + 1, close)
    ) {
      const before = cursor.token(this.#at - 1).word;
      cursor.at = this.#at + 1;
      const query = cursor.deeper(() => readQuery(cursor));
      if (query !== undefined) (before === 'exists' ? this.out.tests : this.out.queries).push(query);
      if (cursor.at !== close) cursor.doubt('subquery not read to its end');
      this.#at = close + 1;
      return;
    }
    if (cursor.token(close + 1).word === '->' && call === '') {
      this.#brackets.declare(cursor, this.#at, close);
      this.#at = close + 2;
      return;
    }
    if (call === '' || call === 'row') this.out.equalities.push(...readRowEqualities(cursor, this, this.#at));
    const before = cursor.token(this.#at - 1).word;
    const isWindow = before === 'over' || before === 'as' || call === 'over';
    this.#brackets.open(this.#at, close, isWindow ? 'over' : call);
    this.#at += 1;
    if (isWindow && isWindowName(cursor, this.#at) && this.#window(this.#at)) this.#at += 1;
  }

  /** `v:a.b[0]` reaches into a semi-structured value, `:name` is a parameter. */
  #colon(): void {
    const { cursor } = this;
    const before = cursor.token(this.#at - 1);
    const frame = this.#brackets.innermost;
    if (frame !== undefined && cursor.token(frame.close).word === '}') {
      this.#at += 1;
      return;
    }
    const isPath = (isName(before) || before.word === ')' || before.word === ']') && !OPERATOR_WORDS.has(before.word);
    this.#at = isPath ? endOfPath(cursor, this.#at + 2) : this.#at + 2;
  }

  #word(word: string): void {
    const { cursor } = this;
    const operator = endOfOperator(cursor, this.#at);
    if (operator !== undefined) {
      this.#at = operator;
      return;
    }
    // What follows the expression (an alias in quotes) says nothing about its last word.
    const next = cursor.token(this.#at + 1 < this.to ? this.#at + 1 : cursor.tokens.length);
    const inConvert = this.#brackets.innermost?.call === 'convert';
    if (next.word !== '.' && (inConvert || !isValueWord(cursor, this.#at, this.from, this.to))) {
      const skipped = this.#keyword(word, next.word);
      if (skipped > 0) {
        this.#at += skipped;
        return;
      }
      if (next.kind === 'string' || next.word === '=>' || next.word === ':=') {
        this.#at += next.kind === 'string' ? 1 : 2;
        return;
      }
      if (next.word === '<' && (word === 'array' || word === 'struct' || word === 'map')) {
        this.#at = skipType(cursor, this.#at);
        return;
      }
    }
    this.#name();
  }

  /** How many tokens to step over when `word` is a keyword here; 0 when it is a name. */
  #keyword(word: string, next: string): number {
    const { cursor } = this;
    const frame = this.#brackets.innermost;
    switch (word) {
      case 'interval':
        this.#unit = true;
        return 1;
      case 'over':
        return this.#window(this.#at + 1) ? 2 : 1;
      case 'table':
        return noteTable(readTableArgument(cursor, this, this.#at, frame), this.out.queries);
      case 'in':
        return 1 + noteTable(readTableOfIn(cursor, this.#at + 1, this.to), this.out.tests);
      default:
    }
    const width = clauseWidth(cursor, this.#at, frame, this.to);
    if (width !== undefined) return width;
    if (isNoColumn(cursor, this.#at, next, frame)) return 1;
    if (this.#unit && DATE_PARTS.has(word)) {
      const before = cursor.token(this.#at - 1).word;
      // `INTERVAL day HOUR`: the first is a column, and the unit is still to come.
      if (before !== 'interval') {
        if (before !== 'to' && next !== 'to') this.#unit = false;
        return 1;
      }
    } else if (frame !== undefined && isDatePart(word, next, frame, cursor)) return 1;
    return this.#brackets.declareAt(cursor, this.#at);
  }

  #name(): void {
    const { cursor } = this;
    const first = this.#at;
    const { tokens, end, star } = readDottedName(cursor, first, this.to);
    this.#at = end;
    if (star) {
      this.#star(tokens.map((token) => identityAt(cursor, token)));
      return;
    }
    const parts = columnParts(cursor, tokens);
    const last = (tokens.at(-1)?.text ?? '').toLowerCase();
    if (cursor.token(end).word === '(' && end < this.to) {
      if (cursor.token(end + 1).word === '+' && cursor.token(end + 2).word === ')') this.#at = end + 3;
      else {
        // T-SQL's methods of XML columns: `t.doc.value('…', 'int')`.
        if (cursor.dialect === 'tsql' && parts.length > 1 && XML_METHODS.has(last))
          this.out.columns.push({ parts: parts.slice(0, -1) });
        this.#call(last);
        return;
      }
    }
    if (parts.length > 1 && (last === 'nextval' || last === 'currval')) return;
    if (this.#brackets.isLambda(parts[0] ?? '') || cursor.isVariable(parts, last)) return;
    const frame = this.#brackets.innermost;
    if (frame?.call === 'convert' && parts.length === 1 && TYPE_WORDS.has(last) && frame.argument === 1) return;
    this.out.columns.push({ parts });
    const equality = readEquality(cursor, this, first, this.#at, { parts });
    if (equality !== undefined) this.out.equalities.push(equality);
  }

  /** `f(x).a.b` and `(t.c).d` reach into a value: they aren't columns. */
  #fields(): void {
    const { cursor } = this;
    while (cursor.token(this.#at).word === '.' && isName(cursor.token(this.#at + 1)) && this.#at < this.to)
      this.#at += 2;
    if (cursor.token(this.#at).word === '(' && cursor.token(this.#at - 2).word === '.') this.#open('');
  }

  /** `*` or `t.*` as an argument: COUNT counts rows, every other function takes all columns. */
  #star(qualifier: readonly string[]): void {
    const call = this.#brackets.innermost?.call;
    const isDistinct = this.cursor.token(this.#at - 1 - 2 * qualifier.length).word === 'distinct';
    const { end, ...left } = readExclusion(this.cursor, this.#at + 1);
    this.#at = end;
    if (call === 'count' && !isDistinct) this.out.countsRows = true;
    else this.out.stars.push({ qualifier, ...left });
  }

  /** Notes the window named at `index`: `OVER w`, `OVER (w ORDER BY x)`, `WINDOW v AS (w …)`. */
  #window(index: number): boolean {
    const token = this.cursor.token(index);
    if (!isName(token)) return false;
    this.out.windows.push(token.text.toLowerCase());
    return true;
  }

  /** `$1` is the first column where tables have positions; other literals and parameters aren't columns. */
  #literal(token: Token): void {
    if (isPosition(token) && this.cursor.dialect === 'snowflake') this.out.columns.push({ parts: [token.text] });
    this.#at += 1;
  }

  #call(name: string): void {
    const { cursor } = this;
    const close = cursor.closeOf(this.#at);
    // MySQL's `VALUES(c)` after ON DUPLICATE KEY UPDATE is what others write as `excluded.c`.
    if (name === 'values' && isName(cursor.token(close - 1)) && cursor.traits.versionedComments) {
      this.out.columns.push({ parts: ['excluded', cursor.token(close - 1).text] });
      this.#at = close + 1;
      return;
    }
    this.#open(name);
    // T-SQL's CONVERT(type, value): the type comes first.
    if ((name === 'convert' || name === 'try_convert') && cursor.dialect === 'tsql') {
      this.#at = Math.min(skipType(cursor, this.#at), close);
    }
  }
}
