import { readFileSync } from 'node:fs';
import { z } from 'zod';
import {
  dialectNamed,
  type Dialect,
  type LineageColumn,
  type LineageOptions,
  type QueryLineage,
} from '../src/sql/index.js';

const pair = z.tuple([z.string(), z.string()]);

const row = z.object({
  id: z.string(),
  dialect: z.string(),
  sql: z.string(),
  sourceTables: z.array(z.string()).nullish(),
  targetTables: z.array(z.string()).nullish(),
  columnLineage: z.array(pair).nullish(),
  schema: z.record(z.string(), z.array(z.string())).nullish(),
  options: z.object({ tsqlNoSemicolon: z.boolean().optional(), lateralAlias: z.boolean().optional() }).nullish(),
});

/** One query with what is true of it; null and absent truths are not asserted. */
export type CorpusRow = z.infer<typeof row>;

/** Reads a corpus: one JSON object a line, fields as in test/data/lineage/README.md. */
export function readCorpus(file: string): CorpusRow[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => row.parse(JSON.parse(line)));
}

export function dialectOf(one: CorpusRow): Dialect {
  return dialectNamed(one.dialect);
}

/** The options a row is to be read with; corpora name unquoted tables in lower case. */
export function optionsOf(one: CorpusRow): LineageOptions {
  return {
    identifierCase: 'lower',
    ...(one.schema === undefined || one.schema === null ? {} : { schema: one.schema }),
    ...(one.options?.lateralAlias === undefined ? {} : { lateralAlias: one.options.lateralAlias }),
    ...(one.options?.tsqlNoSemicolon === undefined ? {} : { optionalSemicolon: one.options.tsqlNoSemicolon }),
  };
}

export interface Prediction {
  readonly id: string;
  readonly sourceTables: readonly string[];
  readonly targetTables: readonly string[];
  readonly columnLineage: readonly (readonly [string, string])[];
}

function columnName(column: LineageColumn): string {
  return column.table === undefined ? column.column : `${column.table}.${column.column}`;
}

export function predictionOf(id: string, lineage: QueryLineage): Prediction {
  return {
    id,
    sourceTables: lineage.sources.map((table) => table.name).sort(),
    targetTables: lineage.targets.map((table) => table.name).sort(),
    columnLineage: lineage.columns.map(([from, to]) => [columnName(from), columnName(to)] as const).sort(),
  };
}

function sameSet(left: readonly string[], right: readonly string[]): boolean {
  const [a, b] = [new Set(left), new Set(right)];
  return a.size === b.size && [...a].every((value) => b.has(value));
}

/** `undefined` when nothing is asserted. */
function same(truth: readonly string[] | null | undefined, found: readonly string[]): boolean | undefined {
  return truth === undefined || truth === null ? undefined : sameSet(truth, found);
}

/** `undefined` where the row asserts nothing. */
export interface Score {
  readonly tables: boolean | undefined;
  readonly columns: boolean | undefined;
}

export function scoreOf(one: CorpusRow, prediction: Prediction): Score {
  const { sourceTables, targetTables, columnLineage } = one;
  const sources = same(sourceTables, prediction.sourceTables);
  const targets = same(targetTables, prediction.targetTables);
  const columns = same(columnLineage?.map(String), prediction.columnLineage.map(String));
  return {
    tables: sources === undefined && targets === undefined ? undefined : sources !== false && targets !== false,
    columns,
  };
}
