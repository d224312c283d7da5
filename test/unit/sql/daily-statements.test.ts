import { expect } from 'chai';
import type { Dialect } from '../../../src/sql/index.js';
import { told } from './lineage-shape.js';

describe('Daily statements of engines', () => {
  const cases: readonly (readonly [Dialect, string, string])[] = [
    ['snowflake', 'UNSET v', '>'],
    ['postgres', 'MOVE FORWARD 5 IN c', '>'],
    ['postgres', 'REASSIGN OWNED BY a TO b', '>'],
    ['oracle', 'AUDIT INSERT, UPDATE, DELETE ON hr.t BY ACCESS', '>'],
    ['oracle', 'NOAUDIT POLICY p', '>'],
    ['oracle', 'ASSOCIATE STATISTICS WITH FUNCTIONS f USING g', '>'],
    ['redshift', "cancel 5 'too long'", '>'],
    ['mysql', 'RESTART', '>'],
    ['mysql', 'HANDLER s.t OPEN', '>'],
    ['mysql', 'HANDLER t READ i = (5) WHERE x > 1 LIMIT 5', 't >'],
    ['mysql', 'HANDLER s.t OPEN AS h; HANDLER h READ NEXT; HANDLER h CLOSE', 's.t >'],
    [
      'snowflake',
      "SELECT * FROM s.t CHANGES (INFORMATION => DEFAULT) AT (OFFSET => -60) END (STATEMENT => 'x') c JOIN s.u ON c.i = u.i",
      's.t s.u > s.t.i=s.u.i',
    ],
  ];
  for (const [dialect, sql, expected] of cases)
    it(`${dialect}: ${sql}`, () => expect(told(sql, dialect)).to.equal(expected));
});
