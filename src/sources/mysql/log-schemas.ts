import { z } from 'zod';
import { chosenSchemas } from '../../sql/index.js';
import type { Statement } from '../common/statement.js';
import { readGrants } from './grants.js';
import { beginning, folded, quotedTable, textsThatUse, time, type LogTable } from './query-log-statements.js';
import type { MysqlSession } from './session.js';
import { seesSchema } from './sight.js';

/** Texts that choose, make or drop schemas: how many are looked at, and how much of each. */
const [TEXTS, SHOWN] = [5000, 300];
const NAMED =
  /\b(?:drop|create)\s(?:\s*or\s+replace\s)?\s*(?:database|schema)\s+(?:if\s+(?:not\s+)?exists\s+)?(?:`((?:[^`]|``)+)`|([^\s;`]+))/gi;

/** Its case is never told apart. */
const ALWAYS = /^information_schema$/i;

/** Tells of a schema that the server surely never had while its log was written. */
export type LacksSchema = (schema: string) => boolean;

/**
 * Which schemas the server lacks: a USE of one fails, and is in the log all the same. One that this account might not
 * see, or that the log shows to be made or dropped, may have been there.
 */
export async function schemasOfLog(session: MysqlSession, log: LogTable, to: number): Promise<LacksSchema> {
  // a copy may be another server's
  if (log.kind === 'slow' || !log.isOwn) return () => false;
  const texts = await session.query(schemaTexts(log, to));
  if (texts.length === 0 || texts.length === TEXTS) return () => false;
  const named = (name: string): string => (session.exactNames ? name : name.toLowerCase());
  const present = await session.query(PRESENT);
  const known = new Set([...present.map(({ name }) => name), ...texts.flatMap(({ body }) => namedBy(body))].map(named));
  const isCut = texts.some(({ isWhole }) => isWhole === 0);
  if (!isCut && texts.every(({ body }) => chosenSchemas(body, 'mysql').every((name) => known.has(named(name)))))
    return () => false;
  const grants = await readGrants(session);
  return (schema) =>
    schema.trim() !== '' && !known.has(named(schema)) && !ALWAYS.test(schema) && seesSchema(grants, schema);
}

const PRESENT: Statement<{ name: string }> = {
  sql: 'SELECT schema_name AS name FROM information_schema.schemata',
  values: [],
  row: z.object({ name: z.string() }),
};

/** Those that a text makes or drops, wherever it says so: one too many is only a USE that is followed. */
function namedBy(text: string): readonly string[] {
  return [...text.matchAll(NAMED)].map(([, quoted, bare]) => quoted?.replaceAll('``', '`') ?? bare ?? '');
}

function schemaTexts(log: LogTable, to: number): Statement<{ body: string; isWhole: number }> {
  const start = folded(`LEFT(argument, ${SHOWN})`);
  const named = ['drop', 'create'].flatMap((verb) =>
    ['database', 'schema'].map((what) => `${start} LIKE '%${verb}%${what}%'`)
  );
  const names = `((${beginning('argument')} NOT LIKE 'select %' OR INSTR(argument, ';') > 0) AND (${named.join(' OR ')}))`;
  return {
    sql: `SELECT DISTINCT LEFT(argument, ${SHOWN}) AS body, CHAR_LENGTH(argument) <= ${SHOWN} AS isWhole FROM ${quotedTable(log)}
WHERE event_time < ${time(to)} AND command_type IN ('Query', 'Execute') AND (${textsThatUse()} OR ${names}) LIMIT ${TEXTS}`,
    values: [],
    row: z.object({ body: z.string(), isWhole: z.coerce.number() }),
  };
}
