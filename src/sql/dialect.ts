import type { SqlServer } from './sql-session.js';

/** SQL dialects whose lineage can be read. A name that isn't listed is read as `ansi`. */
export const DIALECTS = [
  'ansi',
  'mysql',
  'mariadb',
  'snowflake',
  'sqlite',
  'postgres',
  'bigquery',
  'redshift',
  'hive',
  'sparksql',
  'databricks',
  'tsql',
  'oracle',
  'duckdb',
  'clickhouse',
] as const;

export type Dialect = (typeof DIALECTS)[number];

/** What the readers must know about a dialect; everything else is read the same way everywhere. */
export interface DialectTraits {
  /** `"x"` is a string, not an identifier. */
  readonly doubleQuotedStrings: boolean;
  /** `SELECT a 'x'` calls the column x. */
  readonly stringAliases: boolean;
  /** `\'` does not end a string. */
  readonly backslashEscapes: boolean;
  /**
   * In `'''…'''` and `"""…"""` quotes stand as they are. R and B in front of any string may stand together, and a
   * quote behind a backslash ends none of them.
   */
  readonly tripleQuotedStrings?: true;
  /** `[x]` is an identifier. */
  readonly bracketNames: boolean;
  /** `&&` is AND. */
  readonly ampersandsAnd: boolean;
  /** `||` is OR; elsewhere it joins texts. */
  readonly pipesOr: boolean;
  /** `#` starts a comment. */
  readonly hashComments: boolean;
  /** `//` starts a comment. */
  readonly slashComments: boolean;
  /** A comment within a comment has an end of its own. */
  readonly nestedComments: boolean;
  /** `$$ … $$` is a string. */
  readonly dollarStrings: boolean;
  /** Scripts have commands of SQL*Plus, each in a line of its own. */
  readonly clientLines?: true;
  /** How numbers are written besides `1`, `1.5e3` and `0x1F`; sticky, and ends where the number does. */
  readonly numberForms?: RegExp;
  /** Comments that start with an exclamation mark are code: all of it, or what is for this server. */
  readonly versionedComments: boolean;
  /** Only with `versionedComments`. */
  readonly server?: SqlServer;
  /** `SELECT a AS x, x + 1`: an alias may be used further right in the same list. */
  readonly lateralAlias: boolean;
  /** `a.b.c` may reach into a struct column. */
  readonly structs: boolean;
  /** A CTE sees itself without the word RECURSIVE. */
  readonly implicitRecursion: boolean;
  /** `SELECT alias = expression`. */
  readonly assignedAliases: boolean;
  /** Statements may follow one another without `;`. */
  readonly optionalSemicolon: boolean;
  /**
   * The case that unquoted names are stored in, where quoted ones are kept as they are: `"A"` and `a` are two tables.
   * Absent where names are compared ignoring case, or as the server is set up (MySQL).
   */
  readonly foldsNames?: 'lower' | 'upper';
  /** The server takes tables and aliases that differ by case for two, quoted or not. */
  readonly exactNames?: boolean;
  /** Where `*` shows the columns that a join by USING or NATURAL shares. */
  readonly sharedColumns: SharedColumns;
}

/**
 * `first`: in front of the rest, in the order of USING, as the SQL standard has it. `first-by-table`: in front, in the
 * order of the first side, which is the right one of a RIGHT JOIN (MySQL). `in-place`: where the left side has them.
 */
export type SharedColumns = 'first' | 'first-by-table' | 'in-place';

/** What T-SQL's constants of money begin with. */
export const CURRENCIES = '$¢£¤¥৲৳฿៛₠₡₢₣₤₥₦₧₨₩₪₫€₭₮₯₰₱﷼﹩＄￠￡￥￦';

/** `1_000`, `1_0.5e1_0`, `0b101`, `0o17`, `0xFF_FF`; decimal ones without an underscore are those of all dialects. */
const WITH_UNDERSCORES = new RegExp(
  [
    '(?:0[bo][0-7_]+|0x(?:_?[\\da-f])+',
    '|(?=(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:e[+-]?\\d+)?_\\d)',
    '(?:\\d+(?:_\\d+)*(?:\\.(?:\\d+(?:_\\d+)*)?)?|\\.\\d+(?:_\\d+)*)(?:e[+-]?\\d+(?:_\\d+)*)?',
    ')(?![\\w$])',
  ].join(''),
  'iy'
);

const PLAIN: DialectTraits = {
  doubleQuotedStrings: false,
  stringAliases: false,
  backslashEscapes: false,
  bracketNames: false,
  ampersandsAnd: false,
  pipesOr: false,
  hashComments: false,
  slashComments: false,
  nestedComments: false,
  dollarStrings: true,
  versionedComments: false,
  lateralAlias: false,
  structs: false,
  implicitRecursion: false,
  assignedAliases: false,
  optionalSemicolon: false,
  sharedColumns: 'first',
};

const MYSQL: DialectTraits = {
  ...PLAIN,
  doubleQuotedStrings: true,
  stringAliases: true,
  backslashEscapes: true,
  ampersandsAnd: true,
  pipesOr: true,
  hashComments: true,
  dollarStrings: false,
  numberForms: /0b[01]+(?![\w$])/y,
  versionedComments: true,
  sharedColumns: 'first-by-table',
};

const SPARK: DialectTraits = {
  ...PLAIN,
  nestedComments: true,
  doubleQuotedStrings: true,
  backslashEscapes: true,
  dollarStrings: false,
  // `10L`, `2.5BD`
  numberForms: /(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?(?:bd|[lsydf])(?![\w$])/iy,
  lateralAlias: true,
  structs: true,
};

const TRAITS: Readonly<Record<Dialect, DialectTraits>> = {
  // Trino, Db2 and others; standard SQL has underscores since 2023
  ansi: { ...PLAIN, numberForms: WITH_UNDERSCORES, slashComments: true },
  mysql: MYSQL,
  mariadb: { ...MYSQL, server: { isMariaDb: true } },
  snowflake: {
    ...PLAIN,
    backslashEscapes: true,
    slashComments: true,
    lateralAlias: true,
    implicitRecursion: true,
    foldsNames: 'upper',
  },
  sqlite: {
    ...PLAIN,
    bracketNames: true,
    dollarStrings: false,
    numberForms: WITH_UNDERSCORES,
    stringAliases: true,
    implicitRecursion: true,
    sharedColumns: 'in-place',
  },
  postgres: { ...PLAIN, numberForms: WITH_UNDERSCORES, nestedComments: true, foldsNames: 'lower' },
  bigquery: {
    ...PLAIN,
    doubleQuotedStrings: true,
    backslashEscapes: true,
    tripleQuotedStrings: true,
    hashComments: true,
    structs: true,
  },
  redshift: { ...PLAIN, backslashEscapes: true, nestedComments: true, lateralAlias: true },
  hive: { ...SPARK, nestedComments: false, lateralAlias: false },
  sparksql: SPARK,
  // of a function in Python: `AS $$ … $$`
  databricks: { ...SPARK, dollarStrings: true },
  tsql: {
    ...PLAIN,
    nestedComments: true,
    bracketNames: true,
    dollarStrings: false,
    // `$12.50` is money
    numberForms: new RegExp(`[${CURRENCIES}](?:\\d+(?:\\.\\d*)?|\\.\\d+)(?![\\w$])`, 'y'),
    stringAliases: true,
    implicitRecursion: true,
    assignedAliases: true,
    optionalSemicolon: true,
  },
  oracle: {
    ...PLAIN,
    dollarStrings: false,
    clientLines: true,
    // `1.5f`
    numberForms: /(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?[fd](?![\w$])/iy,
    implicitRecursion: true,
    foldsNames: 'upper',
  },
  clickhouse: { ...PLAIN, backslashEscapes: true, numberForms: WITH_UNDERSCORES, lateralAlias: true },
  duckdb: {
    ...PLAIN,
    numberForms: WITH_UNDERSCORES,
    nestedComments: true,
    structs: true,
    lateralAlias: true,
    sharedColumns: 'in-place',
  },
};

export function dialectTraits(dialect: Dialect): DialectTraits {
  return TRAITS[dialect];
}

/**
 * True when statements of the dialect name tables as they are stored, case too, once unquoted names are folded.
 * @param exactNames the server says so of all its names
 */
export function namesAreExact(dialect: Dialect, exactNames = false): boolean {
  return exactNames || TRAITS[dialect].foldsNames !== undefined;
}

/**
 * True when catalogs have such names as the engine stores them. Those of Oracle are there in lower case, unless they
 * were made with quotes: OpenMetadata's own connector writes them so.
 */
export function catalogNamesAreExact(dialect: Dialect, exactNames = false): boolean {
  return exactNames || (namesAreExact(dialect) && dialect !== 'oracle');
}

/** Other names the same dialects go by: OpenMetadata's, the parsers', and connector types. */
const OTHER_NAMES: ReadonlyMap<string, Dialect> = new Map<string, Dialect>([
  ['postgresql', 'postgres'],
  ['materialize', 'postgres'],
  ['greenplum', 'postgres'],
  ['cockroach', 'postgres'],
  ['timescale', 'postgres'],
  ['spark', 'sparksql'],
  ['spark3', 'sparksql'],
  ['iomete', 'sparksql'],
  ['mssql', 'tsql'],
  ['azuresql', 'tsql'],
  ['synapse', 'tsql'],
  ['microsoftfabric', 'tsql'],
  ['unitycatalog', 'databricks'],
  ['impala', 'hive'],
  ['athena', 'ansi'],
  ['singlestore', 'mysql'],
  ['doris', 'mysql'],
  ['starrocks', 'mysql'],
]);

/** The dialect with this name, ignoring case; `ansi` for unknown names. */
export function dialectNamed(name: string): Dialect {
  const lower = name.toLowerCase();
  return DIALECTS.find((dialect) => dialect === lower) ?? OTHER_NAMES.get(lower) ?? 'ansi';
}
