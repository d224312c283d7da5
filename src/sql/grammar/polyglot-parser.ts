import { Dialect as PolyglotDialect, parse } from '@polyglot-sql/sdk';
import type { Dialect } from '../dialect.js';
import type { Reading } from '../token-front-end.js';
import type { Statement } from '../tree.js';
import { isTrap, WasmTrap, type GrammarParser } from './grammar-parser.js';
import { list } from './json-tree.js';
import { polyglotStatement } from './polyglot-statements.js';

const DIALECTS: Readonly<Record<Dialect, PolyglotDialect>> = {
  ansi: PolyglotDialect.Generic,
  mysql: PolyglotDialect.MySQL,
  mariadb: PolyglotDialect.MySQL,
  snowflake: PolyglotDialect.Snowflake,
  postgres: PolyglotDialect.PostgreSQL,
  bigquery: PolyglotDialect.BigQuery,
  redshift: PolyglotDialect.Redshift,
  hive: PolyglotDialect.Hive,
  sparksql: PolyglotDialect.Spark,
  databricks: PolyglotDialect.Databricks,
  tsql: PolyglotDialect.TSQL,
  oracle: PolyglotDialect.Oracle,
  duckdb: PolyglotDialect.DuckDB,
};

export const polyglotParser: GrammarParser = {
  name: 'polyglot',
  read(sql: string, dialect: Dialect): Reading | undefined {
    const result = callParser(sql, DIALECTS[dialect]);
    if (result === undefined) return undefined;
    const statements: Statement[] = [];
    for (const node of list(result)) {
      const statement = polyglotStatement(node);
      if (statement === undefined) return undefined;
      statements.push(statement);
    }
    return { statements, doubts: [], usesLiterals: true };
  },
};

function callParser(sql: string, dialect: PolyglotDialect): unknown {
  try {
    const result = parse(sql, dialect);
    return result.success ? result.ast : undefined;
  } catch (error) {
    if (isTrap(error)) throw new WasmTrap('polyglot', error);
    return undefined;
  }
}
