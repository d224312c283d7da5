import { beginning } from '../errors/index.js';
import { rewriteColumnName, SENSITIVE } from '../openmetadata/index.js';
import { listRowsSql, unsampled } from '../measures/index.js';
import type { MeasureDialect, MeasuredColumn } from '../sources/index.js';
import { planDimensions } from './dimensions.js';
import type { PlannedCase } from './plan-test.js';
import { readingCondition, readOnlyQuery } from './read-only.js';
import { fillTemplate } from './rule-template.js';
import type { TableSession } from './table-session.js';
import { templateNames } from './template-names.js';
import { TestAborted } from './test-aborted.js';
import type { MeasuredTest, QueryTest, TableFacts, TemplateTest } from './test-rule.js';
import { measuredColumn } from './to-measures.js';

/** Rows in a sample. */
export const SAMPLE_ROWS = 50;

/** A statement that a run sends for one case only. */
export interface CaseStatement {
  readonly sql: string;
  /** Sent only after the test has failed: lists the rows that fail it. */
  readonly afterFailure: boolean;
}

export interface CaseStatements {
  readonly statements: readonly CaseStatement[];
  /** Why the case will be Aborted after these. */
  readonly refused?: string;
}

/** What a run sends for one case only, in order; excludes comparisons of tables and measures that tests share. */
export function caseStatements(
  each: PlannedCase,
  session: TableSession,
  table: TableFacts,
  storeSamples: boolean
): CaseStatements {
  const statements: CaseStatement[] = [];
  try {
    for (const statement of eachStatement(each, session, table, storeSamples)) statements.push(statement);
    return { statements };
  } catch (error) {
    if (error instanceof TestAborted) return { statements, refused: error.message };
    throw error;
  }
}

function* eachStatement(
  { testCase, plan }: PlannedCase,
  session: TableSession,
  table: TableFacts,
  storeSamples: boolean
): Generator<CaseStatement> {
  if (plan.kind === 'done') return;
  const { test, rule } = plan;
  const keeps = storeSamples && testCase.computePassedFailedRowCount;
  const always = (sql: string): CaseStatement => ({ sql, afterFailure: false });
  if (test.kind === 'measured') {
    if (rule.level === 'column')
      for (const { statements } of planDimensions(session, table, testCase, test))
        for (const { sql } of statements) yield always(sql);
    const failing = keeps ? failingRows(test, session, table) : undefined;
    if (failing !== undefined) yield { sql: failing.sql, afterFailure: true };
  } else if (test.kind === 'query') {
    const sql = userSql(test, session.dialect);
    yield always(test.strategy === 'COUNT' ? sql : countSql(sql));
    if (testCase.computePassedFailedRowCount && test.partition !== undefined)
      yield always(partitionSql(test.partition, session));
    if (keeps && test.strategy === 'ROWS') yield { sql, afterFailure: true };
  } else if (test.kind === 'template') yield always(ruleSql(test, session, table));
}

/** Longest statement kept in a journal, in characters. */
const LONGEST_SQL = 10_000;

/** The statement that decides a case by itself; undefined if none is sent for it. */
export function tellingSql(each: PlannedCase, session: TableSession, table: TableFacts): string | undefined {
  const { plan } = each;
  if (plan.kind === 'done') return undefined;
  const { test, rule } = plan;
  const rows = rule.level === 'table' && session.rows.sample !== undefined ? unsampled(session.rows) : session.rows;
  const sql =
    test.kind === 'measured'
      ? session.statements(test.measures, rows).join(';\n')
      : caseStatements(each, session, table, false).statements[0]?.sql;
  return sql === undefined || sql.length <= LONGEST_SQL ? sql : `${beginning(sql, LONGEST_SQL)}…`;
}

/** The statement that lists rows, and their columns as OpenMetadata and as the source names them. */
interface FailingRows {
  readonly sql: string;
  readonly columns: readonly string[];
  readonly measured: readonly MeasuredColumn[];
}

/** Lists the rows that fail a test; undefined if single rows can't. */
export function failingRows(
  { failing }: MeasuredTest,
  { dialect, rows, translator }: TableSession,
  table: Pick<TableFacts, 'columns'>
): FailingRows | undefined {
  if (failing === undefined) return undefined;
  const columns = table.columns.filter(({ tags }) => !tags.includes(SENSITIVE)).map(measuredColumn);
  if (columns.length === 0) return undefined;
  const sql = listRowsSql(dialect, rows, { columns, where: translator.condition(failing), limit: SAMPLE_ROWS });
  // these must be the table's own columns, under the names that OpenMetadata has for them
  return { sql, columns: columns.map(({ name }) => rewriteColumnName(name)), measured: columns };
}

/** @throws TestAborted for anything that does more than read */
export function userSql({ sql }: QueryTest, dialect: MeasureDialect): string {
  return readOnlyQuery(sql, 'parameter sqlExpression', dialect);
}

/** Counts all rows that a user's statement is about. @throws TestAborted */
export function partitionSql(partition: string, { dialect, rows }: TableSession): string {
  const sql = readingCondition(partition, 'parameter partitionExpression', dialect);
  return `SELECT COUNT(*) ${dialect.from({ table: rows.table, isView: rows.isView, where: { op: 'sql', sql } }, [])}`;
}

/** A rule of the library, filled in. @throws TestAborted */
export function ruleSql(
  { template, parameters, column }: TemplateTest,
  { dialect, rows }: TableSession,
  table: TableFacts
): string {
  const names = templateNames(dialect, rows.table, table, column);
  return readOnlyQuery(fillTemplate(template, parameters, names), "the rule's SQL", dialect);
}

/** Makes the engine count the rows of a user's statement. A closing comment must not swallow the bracket. */
export function countSql(sql: string): string {
  return `SELECT COUNT(*) FROM (\n${sql}\n) AS counted`;
}
