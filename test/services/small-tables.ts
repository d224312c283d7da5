import type { TestMariadb } from './mariadb.js';

/** Makes the schema `shop` with so many tables `t1`, `t2` … of two rows: thousands within seconds. */
export async function makeSmallTables(server: Pick<TestMariadb, 'query'>, count: number): Promise<void> {
  await server.query('CREATE DATABASE shop');
  await server.query(`CREATE PROCEDURE shop.fill() BEGIN
  FOR i IN 1..${count} DO
    EXECUTE IMMEDIATE CONCAT('CREATE TABLE shop.t', i, ' (a INT)');
    EXECUTE IMMEDIATE CONCAT('INSERT INTO shop.t', i, ' VALUES (1), (2)');
  END FOR;
END`);
  await server.query('CALL shop.fill()');
  await server.query('DROP PROCEDURE shop.fill');
}
