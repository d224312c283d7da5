import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import type { TestMariadb } from '../test/services/mariadb.js';

/** A query log made of a few numbers: the same size gives the same log. */
export interface UsageLogSize {
  readonly queries: number;
  readonly tables: number;
  readonly texts: number;
  /** Whole UTC days, the last of them yesterday. */
  readonly days: number;
}

const DAY_MS = 24 * 3_600_000;
const USERS = 50;
const TABLE = 'logs.general';

/** Texts in turn, so that a log of any length has all of them; each with literals of its own. */
function query(n: number, { queries, tables, texts, days }: UsageLogSize): { sql: string; user: string; at: Date } {
  const text = (n * 7919) % texts;
  const [one, other] = [text % tables, (text * 31 + 7) % tables];
  const sql = `SELECT a.id, a.amount AS amount_${text}, b.day FROM t${one} a JOIN t${other} b ON a.id = b.customer WHERE a.amount > ${n} AND b.day < ${n % 366}`;
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  return {
    sql,
    user: `user${n % USERS}`,
    at: new Date(today - days * DAY_MS + Math.floor((n * days * DAY_MS) / queries)),
  };
}

export async function writeCsvLog(file: string, size: UsageLogSize): Promise<void> {
  const out = createWriteStream(file);
  out.write('query_text,database_name,schema_name,user_name,start_time,duration\n');
  for (let n = 0; n < size.queries; n += 1) {
    const { sql, user, at } = query(n, size);
    const time = at.toISOString().slice(0, 19).replace('T', ' ');
    if (!out.write(`"${sql}",default,shop,${user},${time},${n % 1000}\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

/**
 * The same as a copy of general_log, made by the server itself: a connection for each user, then its queries.
 * @returns the table's name
 */
export async function fillGeneralLog(
  server: TestMariadb,
  { queries, tables, texts, days }: UsageLogSize
): Promise<string> {
  const first = `${Math.floor(Date.now() / DAY_MS) * DAY_MS - days * DAY_MS} / 1000`;
  const text = `(seq * 7919) MOD ${texts}`;
  await server.run(`CREATE SCHEMA logs; CREATE TABLE ${TABLE} AS SELECT * FROM mysql.general_log LIMIT 0;
    INSERT INTO ${TABLE} SELECT FROM_UNIXTIME(${first} - 60), CONCAT('user', seq, '[user', seq, '] @ localhost []'), 100 + seq, 1, 'Connect',
      CONCAT('user', seq, '@localhost on shop using TCP/IP') FROM logs.seq_0_to_${USERS - 1};
    INSERT INTO ${TABLE} SELECT FROM_UNIXTIME(${first} + seq * ${days * 86_400} / ${queries}),
      CONCAT('user', seq MOD ${USERS}, '[user', seq MOD ${USERS}, '] @ localhost []'), 100 + seq MOD ${USERS}, 1, 'Query',
      CONCAT('SELECT a.id, a.amount AS amount_', ${text}, ', b.day FROM t', (${text}) MOD ${tables}, ' a JOIN t', ((${text}) * 31 + 7) MOD ${tables},
        ' b ON a.id = b.customer WHERE a.amount > ', seq, ' AND b.day < ', seq MOD 366)
      FROM logs.seq_0_to_${queries - 1}`);
  return TABLE;
}
