import type { Dialect } from './dialect.js';
import { scanTokens } from './reader/lexer.js';
import type { Token } from './reader/token.js';
import type { SqlSession } from './sql-session.js';
import { traitsOf } from './token-front-end.js';

/** A name or word of SQL, and those before its dots. */
export interface NameInText {
  /** Of a name of three parts the first. */
  readonly outer: string | undefined;
  readonly schema: string | undefined;
  readonly name: string;
  /** Before an opening bracket: a function, or a table with a list of columns. Behind CALL: a procedure. */
  readonly use: 'bracketed' | 'called' | 'other';
}

/** All names and words of SQL in their order, without quotes; strings and comments have none. */
export function namesInText(sql: string, dialect: Dialect, session?: SqlSession): readonly NameInText[] {
  const names = new NameReader();
  scanTokens(sql, traitsOf(sql, dialect, session), (token) => names.take(token));
  names.end();
  return names.found;
}

class NameReader {
  readonly found: NameInText[] = [];
  #outer: string | undefined;
  #schema: string | undefined;
  #name: string | undefined;
  #isBehindDot = false;
  #isCalled = false;

  take(token: Token): boolean {
    if (token.word === '.' && this.#name !== undefined) {
      this.#isBehindDot = true;
      return true;
    }
    const isName = token.kind === 'word' || token.kind === 'quoted' || (token.kind === 'number' && this.#isBehindDot);
    if (isName && this.#isBehindDot) {
      [this.#outer, this.#schema, this.#name] = [this.#schema, this.#name, token.text];
      this.#isBehindDot = false;
      return true;
    }
    const isCalling = this.#schema === undefined && this.#name?.toLowerCase() === 'call' && isName;
    this.#finish(token.word === '(');
    this.#isCalled = isCalling;
    if (isName) this.#name = token.text;
    return true;
  }

  end(): void {
    this.#finish(false);
  }

  #finish(isBracketed: boolean): void {
    if (this.#name !== undefined) {
      const use = this.#isCalled ? 'called' : isBracketed ? 'bracketed' : 'other';
      this.found.push({ outer: this.#outer, schema: this.#schema, name: this.#name, use });
    }
    this.#outer = this.#schema = this.#name = undefined;
    this.#isBehindDot = false;
  }
}
