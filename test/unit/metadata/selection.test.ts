import { expect } from 'chai';
import { makeSelection } from '../../../src/metadata/index.js';
import { readRecipe, type DatabaseMetadataConfig } from '../../../src/recipe/index.js';

function configOf(yaml: string): DatabaseMetadataConfig {
  const { recipe } = readRecipe({
    origin: 'test.yaml',
    text: `
source:
  type: mysql
  serviceName: shop
  serviceConnection: {config: {type: Mysql, username: u, authType: {password: "\${P}"}, hostPort: localhost:1}}
  sourceConfig:
    config:
      type: DatabaseMetadata
${yaml.replaceAll(/^/gm, '      ')}
sink: {type: metadata-rest, config: {}}
workflowConfig:
  openMetadataServerConfig:
    hostPort: http://localhost:8585/api
    authProvider: openmetadata
    securityConfig: {jwtToken: "\${T}"}
`,
  });
  if (recipe.kind !== 'metadata') throw new Error('not a metadata recipe');
  return recipe.source.sourceConfig.config;
}

describe('The selection of a recipe', () => {
  it('takes everything when the recipe says nothing', () => {
    const selection = makeSelection('shop', configOf(''));
    expect([
      selection.database('default'),
      selection.schema('default', 'sales'),
      selection.table('default', 'sales', 'orders', 'table'),
      selection.table('default', 'sales', 'v', 'view'),
      selection.procedure('default', 'sales', 'p'),
    ]).to.deep.equal(Array(5).fill(undefined));
  });

  it('matches patterns at the start of a name, ignoring case', () => {
    const selection = makeSelection('shop', configOf('tableFilterPattern: {includes: [ord]}'));
    expect(selection.table('d', 's', 'ORDERS', 'table')).to.equal(undefined);
    expect(selection.table('d', 's', 'back_orders', 'table')).to.equal(
      'filtered by tableFilterPattern.includes, none of which matches'
    );
  });

  it('lets excludes win over includes', () => {
    const selection = makeSelection(
      'shop',
      configOf('schemaFilterPattern: {includes: ["sales.*"], excludes: ["sales_old"]}')
    );
    expect(selection.schema('d', 'sales')).to.equal(undefined);
    expect(selection.schema('d', 'sales_old')).to.equal('filtered by schemaFilterPattern.excludes: sales_old');
  });

  it('matches the fully qualified name with useFqnForFiltering, names with dots quoted', () => {
    const selection = makeSelection(
      'shop',
      configOf('useFqnForFiltering: true\ntableFilterPattern: {includes: [\'shop\\.d\\.s\\."a\\.b"$\']}')
    );
    expect(selection.table('d', 's', 'a.b', 'table')).to.equal(undefined);
    expect(selection.table('d', 's', 'a', 'table')).to.equal(
      'filtered by tableFilterPattern.includes, none of which matches'
    );
  });

  it('leaves out views or tables as the include flags say, whatever the patterns', () => {
    const selection = makeSelection('shop', configOf('includeViews: false\nincludeTables: false'));
    expect(selection.table('d', 's', 'v', 'view')).to.equal('views are left out (includeViews: false)');
    expect(selection.table('d', 's', 't', 'table')).to.equal('tables are left out (includeTables: false)');
    expect(selection.table('d', 's', 'e', 'other')).to.equal(undefined);
  });

  it('compares procedures by their own pattern', () => {
    const selection = makeSelection('shop', configOf('storedProcedureFilterPattern: {excludes: ["tmp_"]}'));
    expect(selection.procedure('d', 's', 'tmp_fix')).to.equal(
      'filtered by storedProcedureFilterPattern.excludes: tmp_'
    );
    expect(selection.table('d', 's', 'tmp_fix', 'table')).to.equal(undefined);
  });
});
