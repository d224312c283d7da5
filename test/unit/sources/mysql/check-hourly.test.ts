import { expect } from 'chai';
import { PermanentError } from '../../../../src/errors/index.js';
import { checkHourlyLimits } from '../../../../src/sources/mysql/check-hourly.js';
import type { MysqlSession } from '../../../../src/sources/mysql/session.js';
import { parseServerVersion } from '../../../../src/sources/mysql/server-version.js';

type Session = Pick<MysqlSession, 'query' | 'version'>;

/** A MySQL 8, which has the limits of an account in CREATE USER alone. */
const mysql = (answer: () => unknown[]): Session => ({
  version: parseServerVersion('8.4.3'),
  query: async (statement) => answer().map((row) => statement.row.parse(row)),
});
const GRANTS = { account: 'ro@%', activeRoles: [], statements: ['GRANT USAGE ON *.* TO `ro`@`%`'] };
const created = (limits: string): unknown[] => [
  {
    'CREATE USER for ro@%': `CREATE USER \`ro\`@\`%\` IDENTIFIED WITH 'x' AS '$A$' REQUIRE NONE ${limits} ACCOUNT UNLOCK`,
  },
];

describe('Limits of an hour of a MySQL account', () => {
  it('are read of its own CREATE USER', async () => {
    const found = await checkHourlyLimits(
      mysql(() => created('WITH MAX_QUERIES_PER_HOUR 20 MAX_USER_CONNECTIONS 3')),
      GRANTS
    );
    expect(found?.message).to.match(/^this account may send 20 statements an hour \(MAX_QUERIES_PER_HOUR\): what/);
    expect(found?.remedy).to.equal("ALTER USER 'ro'@'%' WITH MAX_QUERIES_PER_HOUR 0;");
    expect(found).to.not.have.property('right');
  });

  it('are no finding where there are none, and where the server does not say', async () => {
    expect(
      await checkHourlyLimits(
        mysql(() => created('')),
        GRANTS
      )
    ).to.equal(undefined);
    const refusing = mysql(() => {
      throw new PermanentError('The server refuses the statement.');
    });
    expect(await checkHourlyLimits(refusing, GRANTS)).to.equal(undefined);
  });
});
