import { expect } from 'chai';
import { edited, read, readMetadata, refusal } from './recipe-fixture.js';

const withPipeline = (fqn: string, service = 'shop'): string =>
  edited('workflowConfig:', `ingestionPipelineFQN: ${JSON.stringify(fqn)}\nworkflowConfig:`).replace(
    'serviceName: shop',
    `serviceName: ${service}`
  );

describe('the ingestionPipelineFQN of a recipe', () => {
  for (const [fqn, service] of [
    ['shop.metadata', 'shop'],
    ['shop."pi.pe"', 'shop'],
    ['"my.shop".metadata', 'my.shop'],
  ] as const) {
    it(`may be ${fqn}`, () => {
      expect(readMetadata(withPipeline(fqn, service)).ingestionPipelineFQN).to.equal(fqn);
    });
  }

  for (const [fqn, words] of [
    ['nosuch.metadata', 'is a pipeline of the service `nosuch`, but source.serviceName is `shop`'],
    ['shop.a.b.c', 'is not `<service>.<pipeline>` (4 parts)'],
    ['"shop"."pi.pe"', 'Write `shop."pi.pe"`'],
    ['shop."metadata"', 'Write `shop.metadata`'],
    ['shop."metadata', 'a quote is left open'],
    ['shop..metadata', 'a part of it is empty'],
  ] as const) {
    it(`is refused where no status could reach it: ${fqn}`, () => {
      expect(refusal(() => read(withPipeline(fqn))))
        .to.contain('ingestionPipelineFQN')
        .and.to.contain(words);
    });
  }
});

describe('what is easily mistaken in a recipe', () => {
  const warnings = (password: string): readonly string[] =>
    read(edited('${MYSQL_PASSWORD}', password), { file: 'recipe.yaml' }).warnings;

  it('is warned of: a password that YAML cuts at ` #`', () => {
    expect(warnings('pw1 #more').join()).to.contain('authType.password: ends before ` #`');
    expect(warnings('"pw1 #more"')).to.deep.equal([]);
  });

  it('is warned of: a variable with blanks inside its braces', () => {
    expect(warnings("'${ MYSQL_PASSWORD }'").join()).to.contain('has blanks inside `${ }`');
  });

  it('is refused: a service name with a double quote', () => {
    expect(refusal(() => read(edited('serviceName: shop', `serviceName: 'sh"op'`)))).to.contain('double quote');
  });
});
