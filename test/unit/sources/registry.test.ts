import { expect } from 'chai';
import { IngestionError, PermanentError } from '../../../src/errors/index.js';
import { findSource } from '../../../src/sources/index.js';

describe('Registry of sources', () => {
  it('finds a connector by its type, whatever its case', () => {
    expect(findSource('MySQL')).to.include({ type: 'mysql', serviceType: 'Mysql' });
    expect(findSource('snowflake')).to.include({ type: 'snowflake', serviceType: 'Snowflake' });
    expect(findSource('sqlite')).to.include({ type: 'sqlite', serviceType: 'SQLite' });
  });

  it('names the nearest type and all there are when it has none', () => {
    const describeFailure = (type: string): string => {
      try {
        findSource(type);
      } catch (error) {
        if (error instanceof IngestionError) return error.describe();
      }
      return '';
    };
    expect(describeFailure('msql'))
      .to.include('Did you mean `mysql`?')
      .and.include('mysql, postgres, snowflake, sqlite');
    expect(describeFailure('bigquery')).to.not.include('Did you mean');
  });

  it('refuses a config that is not one of its type, naming the key and not its value', () => {
    const config = { username: 'u', hostPort: 'h:1', pasword: 'hunter2' };
    expect(() => findSource('mysql').parseConfig(config)).to.throw(PermanentError, /pasword/);
    expect(() => findSource('mysql').parseConfig(config)).to.not.throw(/hunter2/);
  });

  it('says in a few words what is wrong with a config, however much is', () => {
    const message = (config: unknown): string => {
      try {
        findSource('mysql').parseConfig(config);
      } catch (error) {
        if (error instanceof IngestionError) return error.message;
      }
      return '';
    };
    const keys = Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`key${at}`, 'x']));
    expect(message({ username: 'u', hostPort: 'h:1', ...keys }))
      .to.match(/^The connection of type mysql can't be used: .*key0/)
      .and.have.length.below(700);
    const wrong = { username: 1, hostPort: 2, databaseName: 3, databaseSchema: 4, ['k'.repeat(9_000)]: 5 };
    expect(message(wrong))
      .to.match(/config\.username: .*; and \d+ more$/)
      .and.have.length.below(1_500);
  });
});
