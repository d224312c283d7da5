/** A general_log made of a few numbers: the same size gives the same log. */

export interface LogSize {
  readonly queries: number;
  readonly distinct: number;
  readonly tables: number;
  readonly edges: number;
}

interface GeneratedTable {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly string[];
}

const SCHEMAS = 10;
const COLUMNS = 12;
/** Rows of one INSERT into the log's table. */
const BATCH = 1000;
/** Queries between two connections. */
const CONNECTION_QUERIES = 50;

/**
 * Distinct texts name one edge each; they differ in shape, in columns and in literals, and come again in a scattered
 * order.
 */
export class GeneratedLog {
  constructor(private readonly size: LogSize) {}

  schemas(): string[] {
    return Array.from({ length: SCHEMAS }, (_, index) => `schema_${index}`);
  }

  tables(): GeneratedTable[] {
    return Array.from({ length: this.size.tables }, (_, index) => table(index));
  }

  /** Statements that fill a table of the log's columns. */
  *inserts(into: string): Generator<string> {
    const { queries, distinct } = this.size;
    const start = Date.now() - 3_600_000;
    let rows: string[] = [];
    for (let index = 0; index < queries; index += 1) {
      // A step that shares no factor with the number of texts visits each of them.
      const text = this.#text(index < distinct ? index : (index * 7919) % distinct);
      const thread = 100 + Math.floor(index / CONNECTION_QUERIES);
      const at = new Date(start + index * 3).toISOString().replace('T', ' ').replace('Z', '');
      const add = (command: string, argument: string): void => {
        rows.push(`('${at}','etl[etl] @ localhost []',${thread},1,'${command}','${argument.replaceAll("'", "''")}')`);
      };
      if (index % CONNECTION_QUERIES === 0) add('Connect', 'etl@localhost on schema_0 using TCP/IP');
      add('Query', text);
      if (rows.length >= BATCH) {
        yield `INSERT INTO ${into} VALUES ${rows.join(',')}`;
        rows = [];
      }
    }
    if (rows.length > 0) yield `INSERT INTO ${into} VALUES ${rows.join(',')}`;
  }

  #text(index: number): string {
    const { edges, tables } = this.size;
    const edge = index % edges;
    const shape = Math.floor(index / edges);
    // Each edge has ends of its own: every table is a target, its sources are so many steps away.
    const target = table(edge % tables);
    const source = table((edge + 1 + Math.floor(edge / tables) * 3) % tables);
    return SHAPES[shape % SHAPES.length]?.(qualified(target), qualified(source), index) ?? '';
  }
}

function table(index: number): GeneratedTable {
  return {
    schema: `schema_${index % SCHEMAS}`,
    name: `table_${index}`,
    columns: Array.from({ length: COLUMNS }, (_, column) => `column_${column}`),
  };
}

/** Tables of the connection's own schema are named without it. */
function qualified({ schema, name }: GeneratedTable): string {
  return schema === 'schema_0' ? name : `${schema}.${name}`;
}

type Shape = (to: string, from: string, index: number) => string;

const SHAPES: readonly Shape[] = [
  (to, from, index) =>
    `INSERT INTO ${to} (column_0, column_1, column_2, column_3)\nSELECT s.column_0, UPPER(s.column_1), s.column_2 + s.column_3, CASE WHEN s.column_4 > ${index} THEN 'large' ELSE 'small' END\nFROM ${from} AS s\nWHERE s.column_5 BETWEEN ${index} AND ${index + 100} AND s.column_6 <> 'x${index}'\nORDER BY 1`,
  (to, from, index) =>
    `REPLACE INTO ${to} SELECT * FROM ${from} WHERE column_0 IN (${Array.from({ length: 20 }, (_, n) => index + n).join(', ')})`,
  (to, from, index) =>
    `UPDATE ${to} t JOIN ${from} s ON t.column_0 = s.column_0\nSET t.column_1 = s.column_1, t.column_2 = COALESCE(s.column_2, ${index})\nWHERE s.column_3 = 'run ${index}'`,
  (to, from, index) =>
    `INSERT INTO ${to}\nWITH recent AS (SELECT column_0, column_1, MAX(column_2) AS newest FROM ${from} WHERE column_3 > ${index} GROUP BY column_0, column_1),\n  numbered AS (SELECT r.*, ROW_NUMBER() OVER (PARTITION BY r.column_0 ORDER BY r.newest DESC) AS place FROM recent r)\nSELECT column_0, column_1, newest, place, 'batch ${index}', NULL, NULL, NULL, NULL, NULL, NULL, NOW() FROM numbered WHERE place = 1`,
];
