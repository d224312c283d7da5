import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { isUnchanged, remember, type RememberedTable } from '../../../src/profiler/remembered.js';
import { MeasuredMariadb } from './measured-mariadb.js';
import { hasMariadb, startMariadb, type TestMariadb } from '../../services/mariadb.js';

const PARTITIONS = 'PARTITION BY RANGE (a) (PARTITION low VALUES LESS THAN (10), PARTITION high VALUES LESS THAN (99))';

describe('Changes of tables of MariaDB that their UPDATE_TIME does not show', () => {
  let server: TestMariadb;
  const measured = new MeasuredMariadb();

  before(async function () {
    if (!hasMariadb()) return this.skip();
    this.timeout(120_000);
    server = await startMariadb();
    await server.run(`CREATE DATABASE shop; USE shop;
CREATE TABLE other (a INT); INSERT INTO other VALUES (1), (2);
CREATE TABLE spare (a INT); INSERT INTO spare VALUES (5)`);
    // a table that comes in their place was written to before them
    await sleep(1_100);
    await server.run(`USE shop;
CREATE TABLE quiet (a INT); INSERT INTO quiet VALUES (1), (2);
CREATE TABLE quiet_parts (a INT) ${PARTITIONS}; INSERT INTO quiet_parts VALUES (1), (2);
CREATE TABLE truncated (a INT); INSERT INTO truncated VALUES (1), (2);
CREATE TABLE emptied (a INT) ${PARTITIONS}; INSERT INTO emptied VALUES (1), (50);
CREATE TABLE exchanged (a INT) ${PARTITIONS}; INSERT INTO exchanged VALUES (1), (50);
CREATE TABLE dropped (a INT) ${PARTITIONS}; INSERT INTO dropped VALUES (1), (50);
CREATE TABLE swapped (a INT); INSERT INTO swapped VALUES (1), (2);
CREATE TABLE logged (a INT) ENGINE = Aria; INSERT INTO logged VALUES (1);
CREATE TABLE plain (a INT) ENGINE = MyISAM; INSERT INTO plain VALUES (1);
CREATE TABLE plain_quiet (a INT) ENGINE = MyISAM; INSERT INTO plain_quiet VALUES (1);
CREATE TABLE memory (a INT) ENGINE = MEMORY; INSERT INTO memory VALUES (1)`);
    await measured.open(server);
    await sleep(1_500);
  });
  after(async () => {
    await measured.close();
    await server?.stop();
  });

  it('are seen all the same, by two statements a schema', async () => {
    await measured.rememberAll();
    await server.run(`USE shop;
TRUNCATE truncated;
ALTER TABLE emptied TRUNCATE PARTITION low;
ALTER TABLE exchanged EXCHANGE PARTITION low WITH TABLE spare;
ALTER TABLE dropped DROP PARTITION low;
RENAME TABLE swapped TO swapped_before, other TO swapped;
INSERT INTO logged VALUES (2);
INSERT INTO plain VALUES (2);
ANALYZE TABLE quiet, quiet_parts, plain_quiet`);
    measured.statements = 0;
    const changed = ['dropped', 'emptied', 'exchanged', 'plain', 'spare', 'swapped', 'swapped_before', 'truncated'];
    expect(await measured.changedTables()).to.deep.equal([...changed, 'logged', 'memory'].sort());
    expect(measured.statements).to.equal(2);
  });

  it('are seen where a transaction began before a table was profiled, and was committed after it', async () => {
    await server.run('USE shop; CREATE TABLE loaded (a INT); INSERT INTO loaded VALUES (1)');
    await sleep(1_100);
    await server.run('BEGIN; INSERT INTO shop.loaded VALUES (2), (3)');
    await sleep(1_500);
    await measured.rememberAll();
    expect(await measured.changedTables()).not.to.include('loaded');
    await server.run('COMMIT');
    expect(await measured.changedTables()).to.include('loaded');
  });

  it('profile a table once whose earlier profile knows no mark', () => {
    const changed = { time: 5, mark: 'a' };
    const before: RememberedTable = { hash: 'plan', asOf: 9, timestamp: 1 };
    expect(isUnchanged(before, 'plan', changed)).to.equal(false);
    expect(isUnchanged(remember('plan', { asOf: 9 }, changed, 1), 'plan', changed)).to.equal(true);
    expect(isUnchanged(remember('plan', { asOf: 4 }, changed, 1), 'plan', changed)).to.equal(false);
  });
});
