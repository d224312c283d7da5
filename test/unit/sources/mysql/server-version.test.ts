import { expect } from 'chai';
import { isAtLeast, isSupported, parseServerVersion } from '../../../../src/sources/mysql/server-version.js';
import { sessionLimits } from '../../../../src/sources/mysql/session-limits.js';

describe('Version of a MySQL server', () => {
  const cases = [
    ['8.0.36', 'MySQL', 8, 0, 36, true],
    ['8.0.32-24', 'MySQL', 8, 0, 32, true],
    ['5.7.44-log', 'MySQL', 5, 7, 44, true],
    ['5.6.51', 'MySQL', 5, 6, 51, false],
    ['10.11.6-MariaDB-0+deb12u1', 'MariaDB', 10, 11, 6, true],
    ['5.5.5-10.4.2-MariaDB-log', 'MariaDB', 10, 4, 2, true],
    ['10.2.44-MariaDB', 'MariaDB', 10, 2, 44, false],
  ] as const;
  for (const [text, flavour, major, minor, patch, supported] of cases) {
    it(`reads ${text}`, () => {
      const version = parseServerVersion(text);
      expect(version).to.deep.equal({ flavour, major, minor, patch, text });
      expect(isSupported(version)).to.equal(supported);
    });
  }

  it('compares by number, not by text', () => {
    const version = parseServerVersion('10.11.6-MariaDB');
    expect(isAtLeast(version, 10, 5)).to.equal(true);
    expect(isAtLeast(version, 10, 11, 7)).to.equal(false);
    expect(isAtLeast(version, 9, 99)).to.equal(true);
  });

  it('decides the time limit: seconds on MariaDB, milliseconds on MySQL', () => {
    expect(sessionLimits(parseServerVersion('10.11.6-MariaDB'), 1500)).to.include('max_statement_time = 1.5');
    expect(sessionLimits(parseServerVersion('8.0.36'), 1500)).to.include('max_execution_time = 1500');
  });

  it('decides the name of the read-only setting', () => {
    const settings = (version: string): string => sessionLimits(parseServerVersion(version), 1500);
    for (const version of ['5.7.19', '10.11.6-MariaDB', '11.1.0-MariaDB'])
      expect(settings(version), version).to.include('SESSION tx_read_only = 1');
    for (const version of ['5.7.20', '8.0.36', '11.1.1-MariaDB'])
      expect(settings(version), version).to.include('SESSION transaction_read_only = 1');
  });

  it('is read without a search through a text without end', () => {
    expect(parseServerVersion('1'.repeat(1_000_000)).text).to.have.length(200);
  });
});
