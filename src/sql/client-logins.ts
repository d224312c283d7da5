import type { Dialect } from './dialect.js';
import { hasWrittenNewlines } from './reader/written-blanks.js';

/** Commands of clients that may carry a login or another secret, by signs that no SQL has where they stand. */
const SIGNED: ReadonlyMap<number, RegExp> = new Map([
  [46, /\.(?:logon|logdata|open|param(?:eter)?)(?![\w.(])/iy],
  [92, /\\(?:(?:c|connect|password|set|setenv|prompt|echo|qecho|warn)(?!\w)|!)/iy],
  [33, /![a-z!]/iy],
]);
/** SQLCMD's; elsewhere `:connect` is a bind. */
const OF_SQLCMD: ReadonlyMap<number, RegExp> = new Map([
  [58, /:(?:connect|setvar)(?!\w)/iy],
  [33, /!!/y],
]);
/** The same by words, and programs of a shell with their variables; no statement begins so. */
const WORDS = new RegExp(
  [
    String.raw`conn(?:ect)?[ \t]+(?:"[^"\n]{0,200}"|[\w$#.[\]-]{0,200})/(?!/)`,
    String.raw`conn(?:ect)?[ \t]+[\w+:-]{1,50}://`,
    String.raw`logon[ \t]+\S{1,200}[/,]`,
    String.raw`passw(?:ord)?(?:[ \t]|$)`,
    String.raw`(?:\$[ \t]+|sudo[ \t]+)?(?:mysql\w*|mariadb[\w-]*|psql|pg_\w+|createdb|createuser|sqlplus|sqlldr|expdp|impdp`,
    String.raw`rman|snowsql|bteq|tbuild|fastload|mload|sqlcmd|bcp|isql|osql|beeline|hive|impala-shell|spark-sql`,
    String.raw`clickhouse(?:-client)?|trino|presto(?:-cli)?|db2|hdbsql|bq|duckdb|sqlite3|curl|wget|ssh|scp|aws|gsutil|az`,
    String.raw`system|mysqlsh)[ \t]+(?!(?:as|is)\b)[^\s=(;:]`,
  ].join('|'),
  'iy'
);
const VARIABLE =
  /(?:\$ +)?(?:(?:env|export) +)?[A-Z_\d]{0,50}(?:PASSWORD|PASSWD|PWD|PASSCODE|TOKEN|SECRET|KEY)[A-Z_\d]{0,50}=\S/y;
const ADDRESS = /[a-z][\w+.:-]{0,40}:\/\/[^\s/@:'"`]{0,200}:[^\s@'"`]{1,500}@/iy;

/**
 * Finds the commands of clients (BTEQ, SQL*Plus, psql, SnowSQL, beeline, SQLCMD, shells) that may carry a login, and
 * logins in addresses: `\connect postgres://u:pw@h/d`.
 */
export class ClientLogins {
  readonly #hasAddresses: boolean;
  readonly #lineEnd: string;

  constructor(
    private readonly sql: string,
    private readonly dialect: Dialect
  ) {
    this.#hasAddresses = sql.includes('://');
    this.#lineEnd = hasWrittenNewlines(sql) ? '\\n' : '\n';
  }

  /** Behind the command or login that begins at `at`. */
  endAt(at: number, isBetween: boolean): number | undefined {
    const code = this.sql.charCodeAt(at);
    const isSign = code === 46 || code === 92 || code === 33 || code === 58;
    if (isSign && this.#isSigned(at, code, isBetween)) return this.#endOfCommand(at);
    if (isBetween && !isSign && this.#isWorded(at)) return this.#endOfCommand(at);
    return this.#hasAddresses && this.#matches(ADDRESS, at) ? ADDRESS.lastIndex : undefined;
  }

  #isSigned(at: number, code: number, isBetween: boolean): boolean {
    const signed = SIGNED.get(code);
    if (signed !== undefined && this.#matches(signed, at) && (isBetween || this.#mayStandAnywhere(at, code)))
      return true;
    const command = this.dialect === 'tsql' ? OF_SQLCMD.get(code) : undefined;
    return command !== undefined && this.#matches(command, at) && this.#beginsLine(at);
  }

  #isWorded(at: number): boolean {
    if (this.#matches(VARIABLE, at)) return true;
    if (!this.#matches(WORDS, at)) return false;
    // MySQL's; ClickHouse has statements of this name, and bodies have variables
    return /^(?:mysql|mariadb)$/.test(this.dialect) || !/^system/i.test(this.sql.slice(at, at + 6));
  }

  #matches(pattern: RegExp, at: number): boolean {
    pattern.lastIndex = at;
    return pattern.test(this.sql);
  }

  /** A backslash is no operator of PostgreSQL; MySQL's `\c` ends what stands in front of it. */
  #mayStandAnywhere(at: number, code: number): boolean {
    if (code === 92 && this.dialect !== 'mysql' && this.dialect !== 'mariadb') return true;
    return (code === 92 || /^\.log/i.test(this.sql.slice(at, at + 4))) && this.#beginsLine(at);
  }

  #beginsLine(at: number): boolean {
    const before = this.sql.slice(Math.max(0, at - MOST_INDENTED), at);
    return this.#lineEnd === '\n' ? /(?:^|\n)[ \t]*$/.test(before) : /(?:^|\\n)[ \t]*$/.test(before);
  }

  /** Behind its `;`, else its line. */
  #endOfCommand(at: number): number {
    const newline = this.sql.indexOf(this.#lineEnd, at);
    const line = this.sql.slice(at, newline < 0 ? this.sql.length : newline);
    const command = /^(?:[^;"']|"[^"]*"|'[^']*')*/.exec(line)?.[0].length ?? 0;
    return at + (line.charAt(command) === ';' ? command + 1 : line.length);
  }
}

/** Characters in front of a command in its line. */
const MOST_INDENTED = 100;
