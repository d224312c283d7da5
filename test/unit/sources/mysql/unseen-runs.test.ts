import { expect } from 'chai';
import { StoredBodies } from '../../../../src/sources/mysql/stored-bodies.js';
import { UnseenRuns } from '../../../../src/sources/mysql/unseen-runs.js';

type Row = readonly [command: 'Query' | 'Execute', body: string, isOfBody?: boolean];

describe('what procedures do that a general log lacks', () => {
  function said(rows: readonly Row[], logsProcedures = true): string {
    const seen = { schema: 'gb', name: 'seen', kind: 'procedure', body: 'begin execute st; end' } as const;
    const runs = new UnseenRuns(
      new StoredBodies([seen], () => true, { seesAll: false, seesTriggers: false, logsProcedures })
    );
    const row = { at: '1', thread: '7', account: 'app', db: null, took: null, local: null, wanted: 1 };
    for (const [command, body, isOfBody = false] of rows) runs.follow({ ...row, command, body }, 'ga', isOfBody);
    return [...runs.warnings('`mysql`.`general_log`')].join(' ');
  }
  const execute = ['Query', 'execute st', true] as const;

  it('is told of an EXECUTE without the row of what it runs', () => {
    const call = ['Query', 'call gb.seen()'] as const;
    expect(said([call, execute, execute])).to.contain(' 2 EXECUTEs of stored procedures.');
    expect(said([call, execute, ['Query', 'select 1']])).to.contain(' 1 EXECUTE of stored procedures.');
    expect(
      said([
        ['Query', 'EXECUTE st'],
        ['Execute', 'select 1'],
      ])
    ).to.equal('');
    expect(
      said([
        ['Query', 'call hidden()'],
        ['Query', 'execute st'],
      ])
    ).to.contain(' 1 EXECUTE of stored');
    expect(
      said([
        ['Query', 'call hidden()'],
        ['Query', 'execute st'],
        ['Execute', 'select 1'],
      ])
    ).to.equal('');
    expect(said([call, execute], false)).to.equal('');
  });

  it('is told of a CALL into another schema whose body is hidden', () => {
    expect(
      said([
        ['Query', 'call gb.hidden(f(1))'],
        ['Query', 'CALL `gb`.`hidden`'],
        ['Query', '/* x */ call/* y */gb./* z */hidden'],
      ])
    ).to.contain(' 3 CALLs of procedures');
    expect(
      said([
        ['Query', 'call gb.seen()'],
        ['Query', 'call hidden()'],
        ['Query', 'call GA.hidden()'],
      ])
    ).to.equal('');
    expect(said([['Query', 'call gb.hidden()']], false)).to.equal('');
  });
});
