/**
 * What a word of a query is by where it stands: the name of a table, or one that is defined there with its columns; all
 * else may be a function, which PostgreSQL calls as an attribute as well (`(1).f`).
 */
export type WordPlace = 'table' | 'definition' | 'other';

interface Level {
  clause: 'with' | 'select' | 'from' | 'other';
  /** In FROM, no condition: what stands in it is no expression. */
  isTable: boolean;
  isFirst: boolean;
}

/** Keywords that end a FROM; none of them can be a name there without quotes. */
const ENDS = /^(WHERE|GROUP|HAVING|WINDOW|ORDER|LIMIT|OFFSET|FETCH|FOR|UNION|INTERSECT|EXCEPT|VALUES)$/;
/** What a table, or a function with rows, stands behind. */
const BEFORE_TABLE = /^(FROM|JOIN|LATERAL|ONLY|[,(.])$/;

/** A word that is no keyword. */
const NAME = 'name';

/**
 * The places of a query's words, read from its beginning, as PostgreSQL's grammar has them. What isn't certain is
 * 'other'.
 */
export class WordPlaces {
  readonly #levels: Level[] = [{ clause: 'other', isTable: false, isFirst: true }];
  /** The two words or signs before. */
  #before: readonly [string, string] = ['', ''];
  /** The names with dots between that the last word belongs to begin with one, not with a bracket. */
  #isPath = false;

  get #level(): Level {
    const last = this.#levels.at(-1);
    if (last === undefined) throw new RangeError('There is no level outside of all brackets');
    return last;
  }

  /** A character that belongs to no word, or the quotes around a text or a name. */
  sign(character: string): void {
    if (character === '(' || character === '[') {
      // brackets around joins, not those of a function or of columns
      const isTable = character === '(' && this.#level.isTable && BEFORE_TABLE.test(this.#before[0]);
      this.#levels.push({ clause: isTable ? 'from' : 'other', isTable, isFirst: true });
    } else {
      if (character === ')' || character === ']') this.#leave();
      const level = this.#level;
      level.isFirst = false;
      if (character === ',') level.isTable = level.clause === 'from';
    }
    if (character !== '.') this.#isPath = character === '"';
    this.#before = [character, this.#before[0]];
  }

  /** @param next the character behind it */
  word(text: string, isPlain: boolean, next: string): WordPlace {
    const [before] = this.#before;
    // any word may be a label
    if (isPlain && before !== 'AS') this.#keyword(text);
    const level = this.#level;
    level.isFirst = false;
    if (before !== '.') this.#isPath = true;
    const place = this.#placeOf(level, before, next);
    this.#before = [isPlain ? text : NAME, before];
    return place;
  }

  #placeOf({ clause, isTable }: Level, before: string, next: string): WordPlace {
    if (next === '(') {
      if (clause === 'with') return /^(WITH|RECURSIVE|,)$/.test(before) ? 'definition' : 'other';
      return isTable && !BEFORE_TABLE.test(before) ? 'definition' : 'other';
    }
    return isTable || (next === '.' && this.#isPath) ? 'table' : 'other';
  }

  #keyword(text: string): void {
    const level = this.#level;
    if (text === 'WITH' && level.isFirst) level.clause = 'with';
    else if (text === 'TABLE' && level.isFirst) this.#enter('from');
    else if (text === 'SELECT') this.#enter('select');
    else if (text === 'FROM' && level.clause === 'select' && !this.#isDistinctFrom()) this.#enter('from');
    else if (text === 'JOIN') level.isTable = level.clause === 'from';
    else if (text === 'ON') level.isTable = false;
    else if (ENDS.test(text)) this.#enter('other');
  }

  #isDistinctFrom(): boolean {
    const [before, first] = this.#before;
    return before === 'DISTINCT' && (first === 'IS' || first === 'NOT');
  }

  #enter(clause: Level['clause']): void {
    this.#level.clause = clause;
    this.#level.isTable = clause === 'from';
  }

  #leave(): void {
    if (this.#levels.length > 1) this.#levels.pop();
  }
}
