import { expect } from 'chai';
import { clusteringPartition } from '../../../../src/sources/snowflake/catalog/clustering.js';
import {
  findName,
  quoteName,
  quoteText,
  quoteWrittenPath,
} from '../../../../src/sources/snowflake/catalog/identifiers.js';
import { argumentTypes } from '../../../../src/sources/snowflake/catalog/signature.js';
import { sourceUrls } from '../../../../src/sources/snowflake/catalog/source-url.js';
import { parseOrigin } from '../../../../src/sources/snowflake/catalog/streams.js';
import { tagFault } from '../../../../src/sources/common/tag-fault.js';
import { inherit } from '../../../../src/sources/snowflake/catalog/tags.js';

describe('Snowflake: names', () => {
  it('are quoted with their quotes doubled', () => {
    expect(quoteName('My "best" table')).to.equal('"My ""best"" table"');
  });

  it('are text literals with quotes and backslashes escaped', () => {
    expect(quoteText("O'Hara\\n")).to.equal("'O''Hara\\\\n'");
  });

  it('of accountUsageSchema are read as Snowflake reads them', () => {
    expect(quoteWrittenPath('snowflake.account_usage')).to.equal('"SNOWFLAKE"."ACCOUNT_USAGE"');
    expect(quoteWrittenPath('copies."Usage 2024"')).to.equal('"COPIES"."Usage 2024"');
  });

  it('of a recipe are found as written, else in upper case', () => {
    expect(findName('analytics', ['ANALYTICS', 'analytics'])).to.equal('analytics');
    expect(findName('analytics', ['ANALYTICS'])).to.equal('ANALYTICS');
    expect(findName('Analytics', ['analytics'])).to.equal(undefined);
  });

  it('in addresses are encoded', () => {
    const url = sourceUrls('app.snowflake.com', {
      role: 'R',
      warehouse: 'W',
      version: '1',
      organization: 'org',
      account: 'acc',
    });
    expect(url({ database: 'D', schema: 'S', name: 'Mixed Case', kind: 'table' })).to.equal(
      'https://app.snowflake.com/org/acc/#/data/databases/D/schemas/S/table/Mixed%20Case'
    );
  });

  it('give no address where Snowflake does not say the organization', () => {
    expect(sourceUrls('app.snowflake.com', { role: 'R', warehouse: 'W', version: '1' })({ database: 'D' })).to.equal(
      undefined
    );
  });
});

describe('Snowflake: clustering keys', () => {
  const columns = ['ORDER_DATE', 'Region', 'C1'];
  for (const [key, found] of [
    ['LINEAR(ORDER_DATE)', ['ORDER_DATE']],
    ['LINEAR(order_date, "Region")', ['ORDER_DATE', 'Region']],
    ["LINEAR(TO_DATE(ORDER_DATE), SUBSTRING(C1, 1, 'Region'))", ['ORDER_DATE', 'C1']],
    ['(C1)', ['C1']],
  ] as const) {
    it(`${key} is on ${found.join(' and ')}`, () => {
      expect(clusteringPartition(key, columns)?.columns).to.deep.equal(
        found.map((columnName) => ({ columnName, intervalType: 'COLUMN-VALUE' }))
      );
    });
  }

  it('without a column of the table make no partition', () => {
    expect(clusteringPartition('LINEAR(RANDOM())', columns)).to.equal(undefined);
  });
});

describe('Snowflake: signatures of procedures', () => {
  for (const [signature, types] of [
    ['()', []],
    ['(DAY DATE)', ['DATE']],
    ['(A NUMBER, B VARCHAR)', ['NUMBER', 'VARCHAR']],
    ["(A NUMBER(38,0), B VARCHAR DEFAULT 'x, y')", ['NUMBER(38,0)', 'VARCHAR']],
    ['("my arg" TIMESTAMP_NTZ, T TABLE (A NUMBER, B DATE))', ['TIMESTAMP_NTZ', 'TABLE (A NUMBER, B DATE)']],
  ] as const) {
    it(`${signature} takes ${types.length === 0 ? 'nothing' : types.join(', ')}`, () => {
      expect(argumentTypes(signature)).to.deep.equal(types);
    });
  }
});

describe('Snowflake: the origin of a stream', () => {
  it('is read with quoted parts', () => {
    expect(parseOrigin('D.S."my.table ""x"""')).to.deep.equal({ database: 'D', schema: 'S', table: 'my.table "x"' });
  });

  it('is unknown when Snowflake writes something else there', () => {
    expect(parseOrigin('No privilege or table dropped')).to.equal(undefined);
  });
});

describe('Snowflake: inherited tags', () => {
  it('give way to a tag of the same classification', () => {
    const own = [{ classification: 'TIER', tag: 'gold' }];
    const above = [
      { classification: 'TIER', tag: 'silver' },
      { classification: 'OWNER', tag: 'sales' },
    ];
    expect(inherit(own, above)).to.deep.equal([...own, { classification: 'OWNER', tag: 'sales' }]);
  });

  it('of whose names OpenMetadata refuses one are told from those that it takes', () => {
    const faults = ['a.b > c', '', 'a"b', 'a::b', 'a\nb'].map((tag) => tagFault({ classification: 'TIER', tag }));
    expect(faults).to.deep.equal([
      undefined,
      'its value is empty',
      'its value is not allowed in OpenMetadata (it holds a double quote)',
      'its value is not allowed in OpenMetadata (it holds "::")',
      'its value is not allowed in OpenMetadata (it holds a line end)',
    ]);
    expect(tagFault({ classification: 'T"R', tag: 'gold' })).to.match(/^its classification is not allowed/);
  });
});
