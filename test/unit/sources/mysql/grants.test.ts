import { expect } from 'chai';
import {
  checkPrivileges,
  checkRoutines,
  EVERY_SCHEMA,
  missingRoutineRight,
  onSchema,
} from '../../../../src/sources/mysql/check-grants.js';
import {
  allows,
  fingerprint,
  hasTableGrants,
  quoteAccount,
  schemaPrivileges,
  tablePrivileges,
  type Grants,
} from '../../../../src/sources/mysql/grants.js';
import { parseServerVersion } from '../../../../src/sources/mysql/server-version.js';

function grants(...statements: string[]): Grants {
  return { account: 'u@%', activeRoles: [], statements };
}

describe('MySQL grants', () => {
  it('of a schema come from the global level and from patterns that match it', () => {
    const given = grants(
      'GRANT PROCESS ON *.* TO `u`@`%`',
      'GRANT SELECT, SHOW VIEW ON `sh%`.* TO `u`@`%`',
      'GRANT EXECUTE ON `sh%`.* TO `reader`',
      'GRANT INSERT ON `other`.* TO `u`@`%`'
    );
    expect([...schemaPrivileges(given, 'shop')].sort()).to.deep.equal(['EXECUTE', 'PROCESS', 'SELECT', 'SHOW VIEW']);
    expect([...schemaPrivileges(given, undefined)]).to.deep.equal(['PROCESS']);
  });

  for (const [patterns, expected] of [
    [{ shop: 'EXECUTE', 'sh%': 'SELECT' }, ['EXECUTE']],
    [{ 's%': 'SELECT', 'sho%': 'EXECUTE' }, ['EXECUTE']],
    [{ sho_: 'SELECT, EXECUTE', 'sho%': 'EXECUTE' }, ['EXECUTE']],
    [{ sho_: 'SELECT', 'other%': 'EXECUTE' }, ['SELECT']],
  ] as const)
    it(`of a schema are those of the narrowest pattern alone: ${JSON.stringify(patterns)}`, () => {
      const given = grants(
        ...Object.entries(patterns).map(([name, rights]) => `GRANT ${rights} ON \`${name}\`.* TO \`u\`@\`%\``)
      );
      expect([...schemaPrivileges(given, 'shop')]).to.deep.equal(expected);
    });

  it('tell an escaped underscore from a wildcard', () => {
    const literal = grants('GRANT SELECT ON `my\\_shop`.* TO `u`@`%`');
    expect(allows(schemaPrivileges(literal, 'my_shop'), 'SELECT')).to.equal(true);
    expect(allows(schemaPrivileges(literal, 'my-shop'), 'SELECT')).to.equal(false);
    expect(allows(schemaPrivileges(grants('GRANT SELECT ON `my_shop`.* TO `u`@`%`'), 'my-shop'), 'SELECT')).to.equal(
      true
    );
    expect(allows(schemaPrivileges(grants('GRANT SELECT ON `a.b+`.* TO `u`@`%`'), 'axbb'), 'SELECT')).to.equal(false);
  });

  it('on single tables and columns are not rights on the schema', () => {
    const given = grants(
      'GRANT SELECT (`a`, `b`), INSERT ON `shop`.`orders` TO `u`@`%`',
      'GRANT EXECUTE ON PROCEDURE `shop`.`p` TO `u`@`%`'
    );
    expect([...schemaPrivileges(given, 'shop')]).to.deep.equal([]);
    expect([...tablePrivileges(given, 'shop', 'orders')]).to.deep.equal(['INSERT']);
    expect(hasTableGrants(given, 'shop')).to.equal(true);
    expect(hasTableGrants(given, 'sho')).to.equal(false);
  });

  it('know that ALL PRIVILEGES has all of them', () => {
    expect(allows(schemaPrivileges(grants('GRANT ALL PRIVILEGES ON *.* TO `u`@`%`'), 'shop'), 'SELECT')).to.equal(true);
  });

  it('change the fingerprint, and so do roles', () => {
    const base = grants('GRANT SELECT ON `shop`.* TO `u`@`%`');
    expect(fingerprint(grants('GRANT SELECT ON `shop`.* TO `u`@`%`'))).to.equal(fingerprint(base));
    expect(fingerprint(grants())).to.not.equal(fingerprint(base));
    expect(fingerprint({ ...base, activeRoles: ['reader'] })).to.not.equal(fingerprint(base));
  });

  it('are proposed for names with wildcards, quotes and backquotes in them', () => {
    expect(onSchema('50%_`x`')).to.equal('`50\\%\\_``x```.*');
    expect(quoteAccount("o'neil@10.0.%")).to.equal("'o''neil'@'10.0.%'");
    const [missing] = checkPrivileges(grants(), ['shop'], 'SELECT', 'tables are missing');
    expect(missing).to.include({ passed: false, remedy: "GRANT SELECT ON `shop`.* TO 'u'@'%';" });
  });

  it('that many schemas lack are listed ten at a time', () => {
    const names = Array.from({ length: 25 }, (_, index) => `s${index}`);
    const results = [...checkPrivileges(grants(), names, 'SELECT', 'x')];
    expect(results).to.have.length(11);
    expect(results[10]).to.include({ message: 'nor on 15 more schemas', remedy: "GRANT SELECT ON *.* TO 'u'@'%';" });
  });

  const routineRights: readonly (readonly [string, string, readonly string[]])[] = [
    ['10.11.6-MariaDB', 'SELECT ON `mysql`.`proc`', ['GRANT SELECT ON `mysql`.`proc` TO `u`@`%`']],
    ['11.8.2-MariaDB', 'SHOW CREATE ROUTINE ON `shop`.*', ['GRANT SHOW CREATE ROUTINE ON `shop`.* TO `u`@`%`']],
    ['5.7.44', 'SELECT ON `mysql`.`proc`', ['GRANT SELECT ON `mysql`.`proc` TO `u`@`%`']],
    ['8.0.36', 'SHOW_ROUTINE ON *.*', ['GRANT SHOW_ROUTINE ON *.* TO `u`@`%`']],
    ['8.4.0', 'SHOW_ROUTINE ON *.*', ['GRANT SELECT ON *.* TO `u`@`%`']],
  ];
  for (const [version, right, enough] of routineRights) {
    it(`need ${right} for routine bodies on ${version}`, () => {
      const [missing] = checkRoutines(parseServerVersion(version), grants(), ['shop']);
      expect(missing?.remedy).to.equal(`GRANT ${right} TO 'u'@'%';`);
      const [present] = checkRoutines(parseServerVersion(version), grants(...enough), ['shop']);
      expect(present?.passed).to.equal(true);
    });
  }

  it('need a right on everything for the routine bodies of schemas that are not known', () => {
    const missing = (...statements: string[]): string | undefined =>
      missingRoutineRight(parseServerVersion('11.4.2-MariaDB'), grants(...statements), EVERY_SCHEMA);
    expect(missing()).to.equal('SHOW CREATE ROUTINE ON *.*');
    expect(missing('GRANT SHOW CREATE ROUTINE ON `shop`.* TO `u`@`%`')).to.equal('SHOW CREATE ROUTINE ON *.*');
    expect(missing('GRANT SHOW CREATE ROUTINE ON *.* TO `u`@`%`')).to.equal(undefined);
  });
});
