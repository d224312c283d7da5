import { expect } from 'chai';
import { logNames } from '../../../src/activities/run/log-names.js';
import type { StagedRecipe } from '../../../src/run-context/index.js';

function dialectOf(type: string, serviceType?: string): string {
  // of a recipe the type alone is read
  const recipe = { source: { type } } as StagedRecipe['recipe'];
  return logNames({ recipe, ...(serviceType === undefined ? {} : { serviceType }) }).dialect;
}

describe('the dialect of a log', () => {
  it("is the connector's, and MariaDB's where the service is one", () => {
    expect(dialectOf('mysql')).to.equal('mysql');
    expect(dialectOf('mysql', 'Mysql')).to.equal('mysql');
    expect(dialectOf('mysql', 'MariaDB')).to.equal('mariadb');
    expect(dialectOf('postgres', 'MariaDB')).to.equal('postgres');
  });

  it('is that of its type or service where it is in files', () => {
    expect(dialectOf('mariadb')).to.equal('mariadb');
    expect(dialectOf('query-log', 'MariaDB')).to.equal('mariadb');
    expect(dialectOf('query-log')).to.equal('ansi');
  });
});
