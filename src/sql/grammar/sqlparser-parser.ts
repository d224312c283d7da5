import { init, parse } from '@guanmingchiu/sqlparser-ts';
import type { Dialect } from '../dialect.js';
import type { Reading } from '../token-front-end.js';
import type { Statement } from '../tree.js';
import { isTrap, WasmTrap, type GrammarParser } from './grammar-parser.js';
import { list } from './json-tree.js';
import { sqlparserStatement } from './sqlparser-statements.js';

await init();

const DIALECTS = {
  ansi: 'generic',
  mysql: 'mysql',
  mariadb: 'mysql',
  snowflake: 'snowflake',
  postgres: 'postgresql',
  bigquery: 'bigquery',
  redshift: 'redshift',
  hive: 'hive',
  sparksql: 'spark',
  databricks: 'databricks',
  tsql: 'mssql',
  oracle: 'oracle',
  duckdb: 'duckdb',
} as const satisfies Readonly<Record<Dialect, string>>;

export const sqlparserParser: GrammarParser = {
  name: 'sqlparser',
  read(sql: string, dialect: Dialect): Reading | undefined {
    const nodes = callParser(sql, dialect);
    if (nodes === undefined) return undefined;
    const statements: Statement[] = [];
    for (const node of list(nodes)) {
      const statement = sqlparserStatement(node);
      if (statement === undefined) return undefined;
      statements.push(statement);
    }
    return { statements, doubts: [], usesLiterals: true };
  },
};

/** A long chain of ORs traps ("memory access out of bounds"), and so does every call after it. */
function callParser(sql: string, dialect: Dialect): unknown {
  try {
    return parse(sql, DIALECTS[dialect]);
  } catch (error) {
    if (isTrap(error)) throw new WasmTrap('sqlparser', error);
    return undefined;
  }
}
