import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { ThreadTemporaries } from '../../../../src/sources/mysql/query-log-temporaries.js';
import { ThreadSchemas } from '../../../../src/sources/mysql/query-log-threads.js';

const SESSIONS = 40;

describe('names that are remembered of the sessions of a general log', () => {
  it("don't keep the texts in memory that they stood in", () => {
    const [schemas, temporaries] = [new ThreadSchemas(() => false), new ThreadTemporaries()];
    const before = held();
    for (let thread = 1; thread <= SESSIONS; thread += 1) {
      schemas.follow(String(thread), 'Query', long('use schema_of_a_session; select'));
      temporaries.follow(String(thread), 'Query', long('create temporary table made_by_a_session select'), 'ga');
    }
    expect((held() - before) / 1_000_000).to.be.below(SESSIONS);
    expect(schemas.schemaOf('1')).to.equal('schema_of_a_session');
    expect(temporaries.namedIn('1', 'select 1 from made_by_a_session', 'ga')).to.deep.equal([
      ['ga', 'made_by_a_session'],
    ]);
  });
});

/** Made of bytes, as the driver makes it: a text that is put together has its pieces apart. */
function long(begins: string): string {
  return Buffer.from(`${begins} '${'x'.repeat(2_000_000)}'`).toString('latin1');
}

function held(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { external, heapUsed } = process.memoryUsage();
  return external + heapUsed;
}
