import { expect } from 'chai';
import { connectionsOf, connectorsOf } from '../../../src/recipe/index.js';
import { registerSources, type Source } from '../../../src/sources/index.js';
import { z } from '../../../src/index.js';
import memo from '../../connectors/memo.js';
import { read, refusal } from '../recipe/recipe-fixture.js';

/** A connector of an engine that OpenMetadata doesn't know, as memo is. */
const other = (type: string, keys: Record<string, z.ZodType>): Source => ({
  ...memo,
  type,
  connection: z.strictObject({ type: z.literal('CustomDatabase').default('CustomDatabase'), ...keys }),
});

const tests = (config: string): string => `source:
  type: TestSuite
  sourceConfig:
    config:
      type: TestSuite
      entityFullyQualifiedName: shop.a.b.c
      serviceConnections: [{serviceName: shop, serviceConnection: {config: ${config}}}]
workflowConfig:
  openMetadataServerConfig: {hostPort: 'http://h/api', authProvider: openmetadata, securityConfig: {jwtToken: '\${T}'}}
`;
const typeOf = (config: string): string | undefined => connectionsOf(read(tests(config)).recipe)[0]?.type;
const MEMO = '{type: CustomDatabase, box: b, vault: {vaultPin: "${PIN}"}}';

describe('Connectors with one serviceType', () => {
  const takeAway: (() => void)[] = [];
  /** Until the end of these tests: other files are read in the same process. */
  const register = (...sources: Source[]): number => takeAway.push(registerSources(sources));
  after(() => takeAway.forEach((each) => each()));

  it('are known to recipes of tests from the moment they are added', () => {
    expect(refusal(() => read(tests(MEMO)))).to.match(/found `CustomDatabase`\. Allowed: `?Mysql/);
    register(memo);
    expect(typeOf(MEMO)).to.equal('memo');
  });

  it('are told apart by the connection, which is checked by the one model', () => {
    register(other('shelf', { place: z.string() }));
    expect([typeOf(MEMO), typeOf('{type: CustomDatabase, place: here}')]).to.deep.equal(['memo', 'shelf']);
    expect(refusal(() => read(tests(MEMO.replace('box', 'boxx'))))).to.include(
      'boxx: unknown key. Did you mean `box`?'
    );
    // as OpenMetadata stores it: a newer server has keys that no model knows
    expect(connectorsOf({ place: 'x', newKey: 1 }, 'CustomDatabase')).to.deep.equal(['shelf']);
  });

  it('are refused where nothing tells them apart', () => {
    register(other('ledge', { place: z.string() }));
    expect(refusal(() => read(tests('{type: CustomDatabase, place: here}')))).to.match(
      /config\.type: .*connectors shelf and ledge .*fits each alike/
    );
  });

  it('are one only, unless it is that of engines unknown to OpenMetadata', () => {
    expect(() => registerSources([{ ...other('third', {}), serviceType: 'Mysql' }])).to.throw(
      /services of type Mysql belong to the connector `mysql`\. Write serviceType: 'CustomDatabase'/
    );
    expect(() => registerSources([other('testsuite', {})])).to.throw(/source\.type of data quality recipes/);
  });
});
