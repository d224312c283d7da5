import type { Dialect } from './dialect.js';
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
  /(?:^|[_.-])(?:password|passwd|pass|pwd|pw|secret|passphrase|token|(?:access|account|api|secret|private|shared|master)[_.-]?keys?|(?:hex)?(?:re)?key)(?:$|[_.-])/i;
/** Redshift's, whose values follow without a sign. */
const SECRET_OF_COPY = /^(?:access_key_id|secret_access_key|session_token|master_symmetric_key)$/;
/** Lists of names and values, of tables, servers and dictionaries. */
const OPTION_LIST = /^(?:options|tblproperties|serdeproperties|properties)$/;
/** The same of stages and copies: `CREDENTIALS = (…)`, and in Databricks' COPY without the sign. */
const SECRET_LIST = /^(?:credentials?|encryption)$/;
/** Before DuckDB's SECRET. */
const MAKES = /^(?:create|replace|persistent|temporary)$/;
/** What a user, login or key may be made or changed with, in the middle of a batch of T-SQL, too. */
const MAKES_ACCOUNT = /^(?:create|alter|open)$/;
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
  #hasQuery = false;
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
  /** Open brackets of all, and of a list of options. */
  #depth = 0;
  #optionDepth = 0;
  /** The token before the last one. */
  #before = '';
  /** `SET PASSWORD FOR u = …` */
  #setsPassword = false;
  /** End of the secret being read: what touches it belongs to it. */
  #end = -1;

  constructor(private readonly dialect: Dialect) {}

  /** Whether the token is a secret, or a part of one. */
  take(token: Token, last: Token | undefined): boolean {
    const { word } = token;
    if (word === ';') {
      this.#start();
      return false;
    }
    if (this.#end === token.start && !/^[),(]$/.test(word)) return this.#secret(token);
    this.#end = -1;
    this.#options(token, last);
    if (this.#awaits && /^(?:select|with)$/.test(word) && last?.word === '(') this.#awaits = false;
    if (this.#awaits && !/^(=|\(|:=|by|values|password|to)$/.test(word)) {
      this.#awaits = false;
      return NO_PASSWORD.has(word) || (this.#isCall && token.text.startsWith('@')) ? false : this.#secret(token);
    }
    if (this.#standsBare(token, last)) return this.#secret(token);
    if (this.#takesAll) return token.kind !== 'punct' && !word.startsWith('@') ? this.#secret(token) : false;
    this.#note(token, last);
    this.#before = last?.word ?? '';
    return false;
  }

  #start(): void {
    this.#verb = '';
    this.#hasColumns =
      this.#hasQuery =
      this.#isOfAccount =
      this.#takesAll =
      this.#awaits =
      this.#isCall =
      this.#makesSecret =
        false;
    this.#identified = 'no';
    this.#setting = '';
    this.#end = -1;
    this.#depth = this.#optionDepth = 0;
    this.#before = '';
    this.#setsPassword = false;
  }

  /** Redshift's `CREDENTIALS "…"`, and Spark's `SET key value`. */
  #standsBare({ kind, word, start }: Token, last: Token | undefined): boolean {
    if (kind === 'quoted') return last?.word === 'credentials' && /^(?:copy|unload)$/.test(this.#verb);
    const isValue = kind === 'word' && word !== 'to' && (last?.end ?? start) < start;
    return isValue && this.#verb === 'set' && this.#setting.includes('.') && isSecretName(this.#setting);
  }

  /** How deep the list of options is that the token stands in. */
  #options({ word }: Token, last: Token | undefined): void {
    if (word === '(' || word === ')') this.#depth = Math.max(0, this.#depth + (word === '(' ? 1 : -1));
    if (word === '(' && (this.#optionDepth > 0 || this.#opensList(last?.word ?? ''))) this.#optionDepth += 1;
    else if (word === ')' && this.#optionDepth > 0) this.#optionDepth -= 1;
  }

  #secret({ end }: Token): boolean {
    this.#end = end;
    return true;
  }

  #note({ word, text, kind }: Token, last: Token | undefined): void {
    if (this.#verb === '' && kind === 'word') this.#verb = word;
    if (MAKES_ACCOUNT.test(last?.word ?? '') && /^(?:user|login|credential|symmetric|master)$/.test(word)) {
      this.#start();
      this.#verb = last?.word ?? '';
    }
    this.#hasColumns ||= WITH_COLUMNS.has(word) && (word !== 'type' || MAKES_ACCOUNT.test(last?.word ?? ''));
    this.#hasQuery ||= word === 'select' || word === 'begin';
    this.#isOfAccount ||= ACCOUNTS.has(word);
    if (TAKES_PASSWORD.test(word)) this.#takesAll = true;
    if (word === 'identified') this.#identified = 'by';
    // `IDENTIFIED WITH plugin BY`, `IDENTIFIED BY new REPLACE old`
    else if (this.#identified === 'by' && /^(?:by|as|using)$/.test(word)) {
      this.#awaits = true;
      this.#identified = 'done';
    } else if (this.#identified === 'done' && word === 'replace') this.#awaits = true;
    // Oracle's `GRANT … TO a, b IDENTIFIED BY x, y`
    else if (this.#identified === 'done' && word === ',' && this.#verb === 'grant') this.#awaits = true;
    this.#isCall ||= /^exec(?:ute)?$/.test(word);
    if (this.#isCall && word === '=' && last?.text.startsWith('@') === true)
      this.#awaits = isSecretName(last.text.slice(1));
    this.#makesSecret ||= this.#verb === 'create' && word === 'secret' && MAKES.test(last?.word ?? '');
    if (this.#makesSecret && /^[(,]$/.test(last?.word ?? '')) this.#awaits = isSecretName(word);
    if (this.#awaitsBare(word, last)) this.#awaits = true;
    if (!SETTING.has(this.#verb) || this.#hasColumns) return;
    if (word === 'password' && this.#isOfAccount) this.#awaits = true;
    if (word === '=' || (word === 'to' && /^(?:set|alter)$/.test(this.#verb)))
      this.#awaits = this.#setsPassword || isSecretName(this.#setting);
    this.#setsPassword ||= word === 'password' && this.#verb === 'set' && last?.word === 'set';
    const isPart = kind === 'word' || kind === 'quoted' || word === '.' || word === '-';
    const touches = isPart && (word === '.' || word === '-' || last?.word === '.' || last?.word === '-');
    if (isPart) this.#setting = touches ? this.#setting + text : text;
    else if (word !== '=') this.#setting = '';
  }

  /** @param last the word before a bracket */
  #opensList(last: string): boolean {
    if (OPTION_LIST.test(last) || (last === 'source' && this.dialect === 'clickhouse')) return true;
    const isCopy = this.#verb === 'copy';
    if (this.#hasQuery && !isCopy) return false;
    return SECRET_LIST.test(last === '=' ? this.#before : isCopy ? last : '');
  }

  /** Secrets that follow a word of their own, or stand where names of columns do. */
  #awaitsBare(word: string, last: Token | undefined): boolean {
    const before = last?.word ?? '';
    switch (this.#verb) {
      case 'connect':
        // Db2: `CONNECT TO d USER u USING old NEW new CONFIRM new`
        if (/^(?:using|new|confirm)$/.test(word)) return true;
        break;
      case 'attach':
        if (word === 'key') return true;
        break;
      case 'copy':
        // SQL*Plus: `COPY FROM u/secret@d`
        if (word === '/' && this.dialect === 'oracle' && /^(?:from|to)$/.test(this.#before)) return true;
        if (this.#depth === 0 && SECRET_OF_COPY.test(word)) return true;
        break;
      case 'unload':
        if (this.#depth === 0 && SECRET_OF_COPY.test(word)) return true;
        break;
      case 'set':
        if (word === 'password' && before === 'set') return true;
        break;
      default:
    }
    if (word === '=' && before === 'password' && this.#before === 'with') return true;
    if (word === 'password' && before === 'encryption') return true;
    return this.#optionDepth > 0 && SETTING.has(this.#verb) && word !== '' && isSecretName(word);
  }
}

/** `apiToken` is `api_Token`. */
function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name.replace(/(?<=[a-z])(?=[A-Z])/g, '_'));
}
