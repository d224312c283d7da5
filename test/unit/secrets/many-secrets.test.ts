import { expect } from 'chai';
import { readRecipeObject } from '../../../src/recipe/index.js';
import { Redactor } from '../../../src/secrets/redaction.js';

const recipeWith = (connectionOptions: Record<string, string>): Record<string, unknown> => ({
  source: {
    type: 'sqlite',
    serviceName: 'shop',
    serviceConnection: { config: { type: 'SQLite', databaseMode: '/data/shop.db', connectionOptions } },
    sourceConfig: { config: { type: 'DatabaseMetadata' } },
  },
  sink: { type: 'metadata-rest', config: {} },
  workflowConfig: {
    openMetadataServerConfig: {
      hostPort: 'http://localhost:8585/api',
      authProvider: 'openmetadata',
      securityConfig: { jwtToken: '${T}' },
    },
  },
});

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

describe('Many secrets', () => {
  it('of one recipe are refused', () => {
    const passwords = (count: number): Record<string, string> =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`password${index}`, `${'pw-'.repeat(300)}${index}`])
      );
    const environment = { T: 'y' };
    const started = processorMs();
    expect(() =>
      readRecipeObject(recipeWith(passwords(1_000)), 'recipe', { environment, literals: 'memory' })
    ).to.throw('is one more secret in plain text than the 100');
    expect(() => readRecipeObject(recipeWith(passwords(1_000)), 'recipe', { environment })).to.throw(
      'is one more secret in plain text than the 100'
    );
    const read = readRecipeObject(recipeWith(passwords(99)), 'recipe', { environment, literals: 'memory' });
    expect(read.literalSecrets).to.have.length(99);
    expect(processorMs() - started).to.be.below(10_000);
  }).timeout(100_000);

  it('that are longer than any are refused', () => {
    expect(() => readRecipeObject(recipeWith({ password: 'a'.repeat(70_000) }), 'recipe')).to.throw('too long');
  });

  it('are masked each, whatever they begin with and however long they are', () => {
    const redactor = new Redactor(1_000);
    const values = Array.from({ length: 300 }, (_, index) => `${'geheim'.repeat(150)}${index}#`);
    const started = processorMs();
    for (const value of [...values, 'geheim', 'geheimgeheim', `${'Ä'.repeat(2_000)}ü`]) {
      redactor.register(value);
      redactor.redact(`no ${value}`);
    }
    for (const value of values) expect(redactor.redact(`a ${value.toUpperCase()} b`)).to.equal('a *** b');
    expect(redactor.redact(`a GeheimGeheim b geheim c ${'ä'.repeat(1_999)}`)).to.equal('a *** b *** c ***');
    expect(redactor.redact('geheim'.repeat(10_000))).to.match(/^\**$/);
    expect(processorMs() - started).to.be.below(20_000);
  }).timeout(100_000);

  it('are each forgotten alone, also with a form in common', () => {
    const redactor = new Redactor(10);
    redactor.register('secret one');
    redactor.register('SECRET ONE');
    redactor.forget('SECRET ONE');
    expect(redactor.redact('secret one, secret%20one')).to.equal('***, ***');
    redactor.forget('secret one');
    expect(redactor.redact('secret one, secret%20one')).to.equal('secret one, secret%20one');
  });

  it('are the newest of them once there are too many', () => {
    const redactor = new Redactor(2);
    for (const value of ['first-one', 'second-one', 'third-one']) redactor.register(value);
    expect(redactor.redact('first-one second-one third-one')).to.equal('first-one *** ***');
  });
});
