import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { MeasuredMariadb } from './measured-mariadb.js';
import { hasMariadb, startMariadb, type TestMariadb } from '../../services/mariadb.js';
import { makeSmallTables } from '../../services/small-tables.js';

const TABLES = 2_000;

describe('2,000 tables of MariaDB', () => {
  let server: TestMariadb;
  const measured = new MeasuredMariadb();

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
    await makeSmallTables(server, TABLES);
    await measured.open(server);
    await sleep(1_500);
  });
  after(async () => {
    await measured.close();
    await server?.stop();
  });

  it('are asked about in one statement, and exactly those whose rows changed are profiled again', async () => {
    expect(await measured.changedTables()).to.have.length(TABLES);
    await measured.rememberAll();
    await server.query('INSERT INTO shop.t7 VALUES (3)');
    await server.query('UPDATE shop.t70 SET a = 9 WHERE a = 1');
    await server.query('DELETE FROM shop.t700 WHERE a = 2');
    measured.statements = 0;
    const changed = await measured.changedTables();
    expect(measured.statements).to.equal(1);
    expect(changed).to.deep.equal(['t7', 't70', 't700']);
  });

  it('are all profiled after a restart, which loses the times', async () => {
    await server.restart();
    expect(await measured.changedTables().catch(() => measured.changedTables())).to.have.length(TABLES);
  });
});
