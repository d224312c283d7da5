import type { Token } from './reader/token.js';

/** Statements that may set secrets, by their first word; queries and changes of rows don't. */
const SETTING: ReadonlySet<string> = new Set(
  `create alter modify set connect attach copy grant administer open backup restore close add unload export import load change
   start identified reset pragma`.split(/\s+/)
);
/** What they make or change that has columns, and so names of columns. */
const WITH_COLUMNS: ReadonlySet<string> = new Set(
  'table view materialized procedure proc function trigger index package type select begin'.split(' ')
);
const ACCOUNTS: ReadonlySet<string> = new Set([
  'user',
  'login',
  'role',
  'group',
  'credential',
  'identified',
  'connect',
]);
/** Settings whose value is a secret: PASSWORD, AWS_SECRET_KEY, fs.s3a.secret.key. */
const SECRET_NAME =
  /(?:^|[_.-])(?:password|passwd|pwd|secret|passphrase|token|(?:access|account|api|secret|private|shared|master)[_.-]?keys?|(?:hex)?(?:re)?key)(?:$|[_.-])/i;
/** Procedures of T-SQL that take passwords, which may stand there without quotes. */
const TAKES_PASSWORD =
  /^sp_(?:addlogin|password|addlinkedsrvlogin|setapprole|addapprole|approlepassword|addremotelogin|change_users_login)$/;
/** May follow PASSWORD of a user instead of one. */
const NO_PASSWORD: ReadonlySet<string> = new Set(
  `null disable disabled expire never lifetime policy require required history reuse lock unlock verify first default interval for
   on off must_change hash using and expiration enable enabled is not to true false`.split(/\s+/)
);

/**
 * Finds secrets that stand in SQL without quotes, or in those of names: Oracle's IDENTIFIED BY, PASSWORD of SAP HANA
 * and Teradata, Spark's SET of a key. Takes the tokens one by one.
 */
export class SecretWords {
  /** First word of the statement. */
  #verb = '';
  #hasColumns = false;
  #isOfAccount = false;
  /** IDENTIFIED was seen and its BY is to come, or it was followed by a secret. */
  #identified: 'no' | 'by' | 'done' = 'no';
  #takesAll = false;
  /** A call of a procedure, which T-SQL gives texts without quotes. */
  #isCall = false;
  /** DuckDB's `CREATE SECRET`. */
  #makesSecret = false;
  /** The dotted name of a setting so far, and whether its value comes next. */
  #setting = '';
  #awaits = false;
  /** End of the secret being read: what touches it belongs to it. */
  #end = -1;

  /** Whether the token is a secret, or a part of one. */
  take(token: Token, last: Token | undefined): boolean {
    const { word } = token;
    if (word === ';') {
      this.#start();
      return false;
    }
    if (this.#end === token.start && !/^[),(]$/.test(word)) return this.#secret(token);
    this.#end = -1;
    if (this.#awaits && !/^(=|\(|:=|by|values|password|to)$/.test(word)) {
      this.#awaits = false;
      return NO_PASSWORD.has(word) || (this.#isCall && token.text.startsWith('@')) ? false : this.#secret(token);
    }
    if (this.#takesAll) return token.kind !== 'punct' && !word.startsWith('@') ? this.#secret(token) : false;
    this.#note(token, last);
    return false;
  }

  #start(): void {
    this.#verb = '';
    this.#hasColumns = this.#isOfAccount = this.#takesAll = this.#awaits = this.#isCall = this.#makesSecret = false;
    this.#identified = 'no';
    this.#setting = '';
    this.#end = -1;
  }

  #secret({ end }: Token): boolean {
    this.#end = end;
    return true;
  }

  #note({ word, text, kind }: Token, last: Token | undefined): void {
    if (this.#verb === '' && kind === 'word') this.#verb = word;
    this.#hasColumns ||= WITH_COLUMNS.has(word);
    this.#isOfAccount ||= ACCOUNTS.has(word);
    if (TAKES_PASSWORD.test(word)) this.#takesAll = true;
    if (word === 'identified') this.#identified = 'by';
    // `IDENTIFIED WITH plugin BY`, `IDENTIFIED BY new REPLACE old`
    else if (this.#identified === 'by' && word === 'by') {
      this.#awaits = true;
      this.#identified = 'done';
    } else if (this.#identified === 'done' && word === 'replace') this.#awaits = true;
    // Oracle's `GRANT … TO a, b IDENTIFIED BY x, y`
    else if (this.#identified === 'done' && word === ',' && this.#verb === 'grant') this.#awaits = true;
    this.#isCall ||= /^exec(?:ute)?$/.test(word);
    if (this.#isCall && word === '=' && last?.text.startsWith('@') === true)
      this.#awaits = SECRET_NAME.test(last.text.slice(1));
    this.#makesSecret ||= this.#verb === 'create' && word === 'secret';
    if (this.#makesSecret && /^[(,]$/.test(last?.word ?? '')) this.#awaits = SECRET_NAME.test(word);
    if (!SETTING.has(this.#verb) || this.#hasColumns) return;
    if (word === 'password' && this.#isOfAccount) this.#awaits = true;
    if (word === '=' || (word === 'to' && this.#verb === 'set')) this.#awaits = SECRET_NAME.test(this.#setting);
    const isPart = kind === 'word' || kind === 'quoted' || word === '.' || word === '-';
    const touches = isPart && (word === '.' || word === '-' || last?.word === '.' || last?.word === '-');
    if (isPart) this.#setting = touches ? this.#setting + text : text;
    else if (word !== '=') this.#setting = '';
  }
}
