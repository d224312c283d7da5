import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { KIND_NAMES } from '../../../src/contract/kinds.js';
import type { TestMariadb } from '../../services/mariadb.js';

export const SERVICE = 'warehouse';
/** Named in the log, and in the catalog no more. */
export const GONE_TABLE = 'gone';
const TABLES = 12;
const DAY_S = 24 * 3_600;

/** A shop with something to do for each kind of run, and a log of what was asked of it yesterday. */
export async function fillShop(mariadb: TestMariadb): Promise<void> {
  const tables = Array.from({ length: TABLES }, (_, n) => n);
  const yesterday = Math.floor(Date.now() / 1_000 / DAY_S) * DAY_S - DAY_S;
  // InnoDB counts sizes anew in the background: the clean run would see others than those that follow.
  const counted = tables.map((n) => `shop.t${n}, mart.m${n}`).join(', ');
  await mariadb.run(
    `SET GLOBAL innodb_stats_auto_recalc = 0; CREATE DATABASE shop; CREATE DATABASE mart; CREATE DATABASE logs; USE shop;
     ${tables.map((n) => `CREATE TABLE t${n} (id INT PRIMARY KEY, total DECIMAL(12,2), word VARCHAR(40)); INSERT INTO t${n} SELECT seq, seq / 4, CONCAT('w', seq MOD 50) FROM seq_1_to_2000;`).join('\n')}
     ${tables.map((n) => `CREATE TABLE mart.m${n} (id INT PRIMARY KEY, total DECIMAL(12,2)); CREATE VIEW mart.v${n} AS SELECT id, total FROM shop.t${n};`).join('\n')}
     CREATE TABLE logs.general AS SELECT * FROM mysql.general_log LIMIT 0;
     GRANT SELECT ON logs.* TO '${mariadb.user}'`
  );
  const texts = tables.flatMap((n) => [
    `INSERT INTO mart.m${n} SELECT id, total FROM shop.t${n}`,
    `SELECT a.id FROM shop.t${n} a JOIN mart.m${n} b ON a.id = b.id`,
  ]);
  texts.push(`INSERT INTO mart.m0 SELECT id, total FROM shop.${GONE_TABLE}`);
  const rows = texts.map(
    (text, n) => `(FROM_UNIXTIME(${yesterday + 3_600 + n}), 'etl[etl] @ localhost []', 1000000, 1, 'Query', '${text}')`
  );
  await mariadb.run(`INSERT INTO logs.general VALUES ${rows.join(', ')}; ANALYZE TABLE ${counted}`);
}

/** The project's own recipes for MySQL, one a kind: `usage.yaml`. */
export function writeShopRecipes(folder: string): void {
  for (const kind of KIND_NAMES) {
    const recipe = readFileSync(`recipes/mysql/${kind}.yaml`, 'utf8')
      .replace('queryLogDuration: 1', 'queryLogDuration: 2')
      .replace(/^( +)hostPort: \$\{MYSQL/m, '$1queryHistoryTable: logs.general\n$1hostPort: ${MYSQL')
      .replace('- ^sys$', '- ^sys$\n          - ^logs$')
      .replace('ordered_at >= UTC_TIMESTAMP() - INTERVAL 1 DAY', 'total > 0')
      .replaceAll('amount', 'total')
      .replaceAll('customer_id, ordered_at', 'word, total')
      .replaceAll('o.customer_id', 'o.id')
      .replaceAll('shop.orders_archive', 'mart.m0')
      .replaceAll('shop.customers', 'shop.t1')
      .replaceAll('shop.orders', 'shop.t0');
    writeFileSync(path.join(folder, `${kind}.yaml`), recipe);
  }
}
