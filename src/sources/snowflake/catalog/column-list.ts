import { PermanentError } from '../../../errors/index.js';
import { Row } from '../session/row.js';

/**
 * Facts of INFORMATION_SCHEMA.COLUMNS by the letters they travel under: named in full for every column, the names would
 * be most of the text.
 */
const FACTS: Readonly<Record<string, string>> = {
  N: 'COLUMN_NAME',
  O: 'ORDINAL_POSITION',
  U: 'IS_NULLABLE',
  T: 'DATA_TYPE',
  L: 'CHARACTER_MAXIMUM_LENGTH',
  B: 'CHARACTER_OCTET_LENGTH',
  P: 'NUMERIC_PRECISION',
  S: 'NUMERIC_SCALE',
  C: 'COMMENT',
};

/** What is selected for the facts that are not sent as they are. */
const EXPRESSIONS: Readonly<Record<string, string>> = {
  // Most columns are nullable, so only the others say anything.
  U: "CASE WHEN IS_NULLABLE = 'NO' THEN 'NO' END",
  // Binary columns have only the second; for strings it is four times the first, and useless.
  B: 'CASE WHEN CHARACTER_MAXIMUM_LENGTH IS NULL THEN CHARACTER_OCTET_LENGTH END',
};

/**
 * SQL for a table's columns as JSON, one row per table: the driver makes about ten objects out of every row, which with
 * a row per column was most of a run's memory. OBJECT_CONSTRUCT leaves out what is NULL.
 */
export const COLUMN_LIST = `TO_JSON(ARRAY_AGG(OBJECT_CONSTRUCT(${Object.entries(FACTS)
  .map(([letter, fact]) => `'${letter}', ${EXPRESSIONS[letter] ?? fact}`)
  .join(', ')})) WITHIN GROUP (ORDER BY ORDINAL_POSITION)) AS COLUMN_LIST`;

/**
 * The columns in a row's COLUMN_LIST, each read like a row of INFORMATION_SCHEMA.COLUMNS.
 * @throws PermanentError when it isn't such a list
 */
export function columnRows(table: Row): Row[] {
  const columns = parse(table.text('COLUMN_LIST'));
  if (!Array.isArray(columns)) {
    throw new PermanentError(`Snowflake answered columns of ${table.text('TABLE_NAME')} that cannot be read.`);
  }
  return columns.map((column) => new Row({ IS_NULLABLE: 'YES', ...Object.fromEntries(factsOf(column)) }));
}

function factsOf(column: unknown): [string, unknown][] {
  if (typeof column !== 'object' || column === null) return [];
  return Object.entries(column).flatMap(([letter, value]: [string, unknown]) => {
    const name = FACTS[letter];
    return name === undefined ? [] : [[name, value]];
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
