import { expect } from 'chai';
import { hasOwnHead, isOwnUse } from '../../../../src/sources/common/log-patterns.js';

const DBT = '/* {"app": "dbt", "dbt_version": "1.7.4", "tags": ["*", "a/*b"], "node_id": "model.shop.fct"} */';

describe('statements of ingestions and of dbt', () => {
  it('are told for usage by their comment at either end of a text', () => {
    const own = [
      `${DBT} select 1 from a`,
      `\n\n ;${DBT}\nselect 1 from a`,
      `-- ${DBT}\nselect 1 from a`,
      `select 1 from a ${DBT.replace('a/*b', '')}`,
      `select 1 from a\n${DBT.replace('a/*b', '')};\n`,
      'create table x as (select * from a) -- /* {"app":"dbt"} */',
      'select 1 from a /* {"app": "OpenMetadata", "version": "1"} **/ ; ',
      '/* {"app": "openmetadata", "run": "profiler"} */\nselect 1 from a',
    ];
    expect(own.filter((text) => !isOwnUse(text))).to.deep.equal([]);
  });

  it('are not told by it between other words, in a string, or by another application', () => {
    const others = [
      `select 1 from a ${DBT} where true`,
      `select '${DBT}' from a`,
      `select 1 from a ${DBT}; select 2 from b /* mine */`,
      '/* {"app": "dbt-report"} */ select 1 from a',
      '/* {"app": "dbt_x"} */ select 1 from a /* {"app": "Tableau"} */',
      'select 1 from a /* {"app": "dbt", "open": true',
      '',
    ];
    expect(others.filter((text) => isOwnUse(text))).to.deep.equal([]);
  });

  it('are told for lineage by the first signs alone: what dbt marks at the end keeps its lineage', () => {
    expect([`${DBT} select 1`, ` ${DBT} select 1`, `select 1 ${DBT}`].map(hasOwnHead)).to.deep.equal([
      true,
      false,
      false,
    ]);
  });

  it('are told in no time in texts that are made of such comments', () => {
    const begun = Date.now();
    expect(isOwnUse('/* {"app": "dbt" '.repeat(200_000))).to.equal(true);
    expect(isOwnUse(`x${'/* {"app": "dbt" '.repeat(200_000)}`)).to.equal(false);
    expect(isOwnUse(`x /* {"app": "dbt" ${'*'.repeat(1_000_000)}`)).to.equal(false);
    expect(Date.now() - begun).to.be.below(2_000);
  });
});
