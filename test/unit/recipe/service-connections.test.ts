import { expect } from 'chai';
import { connectionsOf } from '../../../src/recipe/index.js';
import { read, refusal } from './recipe-fixture.js';

const MYSQL = '{type: Mysql, username: om, authType: {password: "${P}"}, hostPort: "h:3306"}';
const SQLITE = '{type: SQLite, databaseMode: /tmp/x.db}';

/** A recipe of tests. @param own of its source @param listed of its serviceConnections */
const tests = ({ own, listed }: { own?: string; listed?: string }): string => `source:
  type: TestSuite
  serviceName: shop
  ${own === undefined ? '' : `serviceConnection: {config: ${own}}`}
  sourceConfig:
    config:
      type: TestSuite
      entityFullyQualifiedName: shop.default.main.a
      ${listed === undefined ? '' : `serviceConnections: [{serviceName: shop, serviceConnection: {config: ${listed}}}]`}
workflowConfig:
  openMetadataServerConfig: {hostPort: 'http://h/api', authProvider: openmetadata, securityConfig: {jwtToken: '\${T}'}}
`;

describe('A connection in a recipe of tests', () => {
  for (const place of ['own', 'listed'] as const) {
    const told = (config: string): string => refusal(() => read(tests({ [place]: config })));

    it(`is checked by the model of its type alone, with the nearest key: ${place}`, () => {
      expect(told(MYSQL.replace('username', 'usernam')))
        .to.include('config.usernam: unknown key. Did you mean `username`?')
        .and.not.include('expected a mapping');
      expect(told(MYSQL.replace('"h:3306"', '3306'))).to.match(
        /config\.hostPort: found the number 3306; expected text/
      );
      expect(told(MYSQL.replace('{password', '{pasword'))).to.match(
        /authType\.pasword: unknown key\. Did you mean `password`/
      );
    });

    it(`must have a type that a connector has: ${place}`, () => {
      expect(told(MYSQL.replace('Mysql', 'Mysq'))).to.match(
        /config\.type: found `Mysq`\. Allowed: `?Mysql`?, .*SQLite`?\. Did you mean `Mysql`\?$/m
      );
      expect(told(MYSQL.replace('type: Mysql, ', ''))).to.match(
        /config\.type: is required and missing\. Allowed: `?Mysql/
      );
    });
  }

  it('is that of the service whose table is tested when it is the source’s own', () => {
    const types = (text: string): string[] =>
      connectionsOf(read(text).recipe).map(({ serviceName, type }) => `${serviceName} ${type}`);
    const own = tests({ own: SQLITE }).replace('serviceName: shop', 'serviceName: suite');
    expect(types(own)).to.deep.equal(['shop sqlite']);
  });

  it('is the only one of its service', () => {
    const told = (text: string): string => refusal(() => read(text));
    expect(told(tests({ own: SQLITE, listed: MYSQL }))).to.equal(
      'recipe.yaml:9: source.sourceConfig.config.serviceConnections[0].serviceName: is `shop`, whose connection is at source.serviceConnection.config too. Leave one of the two.'
    );
    const twice = `${MYSQL}}}, {serviceName: shop, serviceConnection: {config: ${SQLITE}`;
    expect(told(tests({ listed: twice }))).to.match(
      /serviceConnections\[1\]\.serviceName: is `shop`, whose connection is at source\.sourceConfig\.config\.serviceConnections\[0\]/
    );
  });

  for (const place of ['own', 'listed'] as const)
    it(`may have its password where earlier documentation had it: ${place}`, () => {
      const { recipe, warnings } = read(
        tests({ [place]: MYSQL.replace('authType: {password: "${P}"}', 'password: "${P}"') })
      );
      expect(connectionsOf(recipe)[0]?.config['authType']).to.deep.equal({ password: '${P}' });
      expect(warnings).to.have.length(1);
      expect(warnings[0]).to.match(/config\.password: is an old spelling and was read as/);
    });

  it('is of a table with four names', () => {
    expect(refusal(() => read(tests({}).replace('shop.default.main.a', 'shop.main.a')))).to.match(
      /entityFullyQualifiedName: found `shop\.main\.a`; expected the FQN of a table, service\.database\.schema\.table/
    );
  });
});
