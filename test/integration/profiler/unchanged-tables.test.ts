import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { isUnchanged, remember, type RememberedTable } from '../../../src/profiler/remembered.js';
import { findSource, type MeasureSource, type SchemaFacts } from '../../../src/sources/index.js';
import { hasMariadb, startMariadb, type TestMariadb } from '../../services/mariadb.js';

const TABLES = 2_000;
const REF = { database: 'default', schema: 'shop' };

describe('2,000 tables of MariaDB', () => {
  let server: TestMariadb;
  let source: MeasureSource;
  let statements = 0;
  const remembered = new Map<string, RememberedTable>();

  before(async function () {
    if (!hasMariadb()) return this.skip();
    this.timeout(300_000);
    const settings = [
      '--table-definition-cache=4000',
      '--table-open-cache=4000',
      '--innodb-flush-log-at-trx-commit=0',
      '--innodb-file-per-table=0',
    ];
    server = await startMariadb({ arguments: settings });
    await server.query('CREATE DATABASE shop');
    await server.query(`CREATE PROCEDURE shop.fill() BEGIN
  FOR i IN 1..${TABLES} DO
    EXECUTE IMMEDIATE CONCAT('CREATE TABLE shop.t', i, ' (a INT)');
    EXECUTE IMMEDIATE CONCAT('INSERT INTO shop.t', i, ' VALUES (1), (2)');
  END FOR;
END`);
    await server.query('CALL shop.fill()');
    const config = { username: server.user, authType: { password: server.password }, hostPort: server.hostPort };
    const context = {
      runTag: 'test',
      signal: new AbortController().signal,
      onStatement: () => (statements += 1),
      onWarning: () => undefined,
    };
    source = await (findSource('mysql').openMeasures?.(config, context, { statementTimeoutMs: 60_000 }) ??
      Promise.reject(new Error('none')));
    await sleep(1_500);
  });
  after(async () => {
    await source?.close();
    await server?.stop();
  });

  const changedTables = (facts: SchemaFacts): string[] =>
    [...facts.tables.values()]
      .filter(({ table, changed }) => !isUnchanged(remembered.get(table), 'plan', changed))
      .map(({ table }) => table);

  it('are asked about in one statement, and exactly those whose rows changed are profiled again', async () => {
    const first = await source.facts(REF);
    expect(changedTables(first)).to.have.length(TABLES);
    for (const { table, changed } of first.tables.values()) remembered.set(table, remember('plan', first, changed, 1));
    await server.query('INSERT INTO shop.t7 VALUES (3)');
    await server.query('UPDATE shop.t70 SET a = 9 WHERE a = 1');
    await server.query('DELETE FROM shop.t700 WHERE a = 2');
    statements = 0;
    const second = await source.facts(REF);
    expect(statements).to.equal(1);
    expect(changedTables(second).sort()).to.deep.equal(['t7', 't70', 't700']);
  });

  it('are all profiled after a restart, which loses the times', async () => {
    await server.restart();
    expect(changedTables(await source.facts(REF).catch(() => source.facts(REF)))).to.have.length(TABLES);
  });
});
