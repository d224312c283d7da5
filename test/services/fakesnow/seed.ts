/** Loads seed.sql, queries.json and access.json, as the emulator's own seed script does. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { FakesnowConnection } from './client.js';

/** Type, database, schema, user, text, and for a failed one error code and message. */
const queries = z.array(z.array(z.string().nullable()));
/** Query, what it read, what it wrote: {written: {column: [source column]}}; an @ marks a stage. */
const accesses = z.array(z.tuple([z.string(), z.array(z.string()), z.record(z.string(), z.record(z.string(), z.array(z.string())))]));

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export async function seedFakesnow(connection: FakesnowConnection, folder: string): Promise<void> {
  const read = (name: string): Promise<string> => readFile(path.join(folder, name), 'utf8');
  for (const sql of statementsOf(await read('seed.sql'))) await connection.execute(sql);
  const rows = historyRows(queries.parse(JSON.parse(await read('queries.json'))), new Date());
  for (const row of rows) {
    await connection.execute(
      `INSERT INTO SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY
         (QUERY_ID, QUERY_TEXT, QUERY_TYPE, DATABASE_NAME, SCHEMA_NAME, USER_NAME, SESSION_ID, EXECUTION_STATUS,
          ERROR_CODE, ERROR_MESSAGE, START_TIME, END_TIME, TOTAL_ELAPSED_TIME, CREDITS_USED_CLOUD_SERVICES, ROWS_INSERTED,
          QUERY_PARAMETERIZED_HASH)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0.0001, 1, ?)`,
      [...row, parameterizedHash(String(row[1] ?? ''))]
    );
  }
  for (const [id, reads, written] of accesses.parse(JSON.parse(await read('access.json')))) {
    const row = rows.find(([queryId]) => queryId === id);
    await connection.execute(
      `INSERT INTO SNOWFLAKE.ACCOUNT_USAGE.ACCESS_HISTORY SELECT ?, ?, ?, PARSE_JSON(?), PARSE_JSON('[]'), PARSE_JSON(?)`,
      [id, row?.[10] ?? null, row?.[5] ?? null, JSON.stringify(reads.map(domain)), JSON.stringify(modifiedObjects(written))]
    );
  }
}

/** A statement ends at a semicolon at a line's end, outside a $$ body. */
export function statementsOf(text: string): string[] {
  const found: string[] = [];
  let current = '';
  for (const line of text.split('\n')) {
    if (current === '' && (line.trim() === '' || line.startsWith('--'))) continue;
    current += `${line}\n`;
    if (!line.trimEnd().endsWith(';') || current.split('$$').length % 2 === 0) continue;
    found.push(current.trim().replace(/;$/, ''));
    current = '';
  }
  return found;
}

/** The history lies within one day (UTC) and the last 24 hours, a query a minute; what a CALL ran falls within it. */
function historyRows(history: z.infer<typeof queries>, now: Date): (string | number | null)[][] {
  const midnight = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate());
  const first = now.getUTCHours() < 2 ? midnight - 2 * HOUR : midnight + 10 * MINUTE;
  return history.map(([type = null, database = null, schema = null, user = null, text = null, code = null, message = null], index) => {
    const inCall = history[index - 1]?.[0] === 'CALL';
    const at = first + (inCall ? index - 1 : index) * MINUTE + (inCall ? 1000 : 0);
    const elapsed = type === 'CALL' ? 30_000 : 250 + index * 10;
    const session = type === 'CALL' || inCall ? 7777 : 1000 + index;
    const id = `q-${String(index + 1).padStart(3, '0')}`;
    const status = code === null ? 'SUCCESS' : 'FAIL';
    return [id, text, type, database, schema, user, session, status, code, message, time(at), time(at + elapsed), elapsed];
  });
}

function time(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString().replace('T', ' ').replace('Z', '+00:00');
}

function domain(name: string): { objectDomain: string; objectName: string } {
  return { objectDomain: name.startsWith('@') ? 'Stage' : 'Table', objectName: name.replace(/^@/, '') };
}

function modifiedObjects(written: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>): unknown[] {
  return Object.entries(written).map(([name, columns]) => ({
    ...domain(name),
    columns: Object.entries(columns).map(([columnName, sources]) => ({
      columnName,
      directSources: sources.map((source) => ({
        ...domain(source.slice(0, source.lastIndexOf('.'))),
        columnName: source.slice(source.lastIndexOf('.') + 1),
      })),
    })),
  }));
}

/** Of texts that differ in their literals only the same, as Snowflake's own. */
export function parameterizedHash(text: string): string {
  const folded = text.replace(/'(?:[^']|'')*'|\b\d+(?:\.\d+)?\b/g, '?').replace(/\s+/g, ' ');
  return createHash('md5').update(folded).digest('hex');
}
