import { expect } from 'chai';
import type mysql from 'mysql2/promise';
import { findSource, type LogWindow } from '../../../src/sources/index.js';
import { startMariadb, type TestMariadb } from '../../services/mariadb.js';

const HOUR = 3_600_000;

describe('A general log of sessions in other time zones than the server', function () {
  this.timeout(120_000);
  let server: TestMariadb;
  const warnings: string[] = [];

  const open = (): Promise<mysql.Connection> => server.connect('shop', { multipleStatements: true });

  before(async () => {
    server = await startMariadb({ arguments: ['--general-log=1'] });
    await server.run('CREATE SCHEMA shop; CREATE TABLE shop.a (id INT); CREATE TABLE shop.b (id INT)');
    await server.run(`GRANT INSERT ON shop.b TO ${server.user}; SET GLOBAL time_zone = '+09:00'`);
    await server.run('TRUNCATE mysql.general_log');
    const [plain, west, east] = [await open(), await open(), await open()];
    await plain.query('INSERT INTO b SELECT 1 FROM a');
    await west.query("SET NAMES utf8mb4, time_zone = '-11:00'");
    await west.query('INSERT INTO b SELECT 2 FROM a');
    await east.query("SET @@session.time_zone = '+12:30'; INSERT INTO b SELECT 3 FROM a");
    await east.query('INSERT INTO b SELECT 4 FROM a');
    // the server has no tables of zones, so that the zone stays
    await west.query("SET time_zone = 'Europe/Berlin'").catch(() => undefined);
    await west.query('INSERT INTO b SELECT 5 FROM a');
    await west.query('SET time_zone = DEFAULT');
    await west.query('INSERT INTO b SELECT 6 FROM a');
    await east.changeUser({ user: server.user, password: server.password, database: 'shop' });
    await east.query('INSERT INTO b SELECT 7 FROM a');
    await east.execute('SET time_zone = ?', ['-01:00']);
    await east.execute('INSERT INTO b SELECT 8 FROM a');
    await east.reset();
    await east.query('INSERT INTO b SELECT 9 FROM a');
    await Promise.all([plain, west, east].map((each) => each.end()));
    await server.run('SET GLOBAL general_log = 0');
  });
  after(async () => {
    await server.run("SET GLOBAL time_zone = 'SYSTEM'");
    await server.stop();
  });

  const context = {
    ...{ runTag: 'zones', signal: new AbortController().signal },
    onStatement: () => undefined,
    onWarning: (text: string) => void warnings.push(text),
  };
  const config = () => ({
    ...{ username: server.user, authType: { password: server.password }, hostPort: server.hostPort },
  });
  type Found = { readonly text: string; readonly startedAt?: number };
  const shown = (found: readonly Found[]): Found[] => found.filter(({ text }) => /SELECT [1-9] FROM a/.test(text));
  const numbers = (found: readonly Found[]): string =>
    found.map(({ text }) => /SELECT ([1-9]) FROM a/.exec(text)?.[1]).join('');

  async function usage(range: Pick<LogWindow, 'from' | 'to'>, resultLimit = 0): Promise<Found[]> {
    const log = await findSource('mysql').openUsageLog?.(config(), context);
    if (log === undefined) throw new Error('mysql has no usage log');
    const options = { resultLimit, users: { includes: [], excludes: [] } };
    const found: Found[] = [];
    try {
      for (const window of await log.windows(range, options))
        for await (const { record } of log.read(window, options)) if (record.kind === 'query') found.push(record);
    } finally {
      await log.close();
    }
    return shown(found);
  }

  async function lineage(range: Pick<LogWindow, 'from' | 'to'>): Promise<Found[]> {
    const log = await findSource('mysql').openQueryLog?.(config(), context);
    if (log === undefined) throw new Error('mysql has no query log');
    const options = { resultLimit: 0, storedProcedures: false };
    const found: Found[] = [];
    try {
      for (const window of await log.windows(range, options))
        for await (const { record } of log.read(window, options)) if (record.kind === 'query') found.push(record);
    } finally {
      await log.close();
    }
    return shown(found);
  }

  it('has each text at the time at which it ran, for usage and lineage', async () => {
    const now = Date.now();
    for (const found of [
      await usage({ from: now - HOUR, to: now + HOUR }),
      await lineage({ from: now - HOUR, to: now + HOUR }),
    ]) {
      expect(numbers(found)).to.equal('123456789');
      // the server writes a reset nowhere: that the row would be in the future tells it
      for (const { text, startedAt = 0 } of found) expect(Math.abs(startedAt - now), text).to.be.lessThan(60_000);
    }
  });

  it('has each text in one of two windows that meet, whatever its row says', async () => {
    const all = await usage({ from: Date.now() - HOUR, to: Date.now() + HOUR });
    for (const border of all.slice(1).map(({ startedAt = 0 }) => startedAt)) {
      const early = await usage({ from: border - 20 * HOUR, to: border });
      const late = await usage({ from: border, to: border + 20 * HOUR });
      expect(numbers(early) + numbers(late)).to.equal('123456789');
    }
  });

  it('keeps the newest of a day when resultLimit says so, of all days that the rows show', async () => {
    warnings.length = 0;
    const now = Date.now();
    const found = await usage({ from: now - HOUR, to: now + HOUR }, 100);
    expect([numbers(found), warnings.filter((text) => text.includes('resultLimit'))]).to.deep.equal(['123456789', []]);
  });
});
