import { writeFileSync } from 'node:fs';

const DAY_MS = 24 * 3_600_000;
const DAYS = 14;

/** What people of the shop ask their database, and how often per day. */
const QUERIES: readonly (readonly [user: string, text: string, times: number])[] = [
  ['jane', 'SELECT * FROM orders WHERE order_id = ID', 9],
  [
    'jane',
    'SELECT o.order_id, c.full_name FROM orders o JOIN customers c ON o.customer_id = c.customer_id WHERE o.order_id > ID',
    6,
  ],
  [
    'reports',
    'SELECT p.name, sum(i.quantity) FROM order_items i JOIN products p ON i.product_id = p.product_id GROUP BY 1',
    4,
  ],
  ['reports', 'SELECT count(*) FROM orders o JOIN order_items i ON i.order_id = o.order_id', 3],
  ['etl', 'DELETE FROM order_items WHERE order_id = ID', 1],
];

/**
 * Writes a query log of the last two weeks; some days are busier than others, and it is the same whenever it is written
 * on the same day.
 */
export function writeShopLog(file: string, now = Date.now()): void {
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const lines = ['query_text,database_name,schema_name,user_name,start_time,duration'];
  for (let ago = DAYS; ago >= 1; ago -= 1) {
    for (const [number, [user, text, times]] of QUERIES.entries()) {
      const runs = Math.max(1, Math.round(times * (1 + Math.sin(ago + number))));
      for (let run = 0; run < runs; run += 1) {
        const time = new Date(today - ago * DAY_MS + (8 * 60 + run * 17 + number) * 60_000).toISOString().slice(0, 19);
        const sql = text.replace('ID', String(100 * ago + run));
        lines.push(`"${sql}",shop,main,${user},${time.replace('T', ' ')},${20 + 7 * number}`);
      }
    }
  }
  writeFileSync(file, `${lines.join('\n')}\n`);
}
