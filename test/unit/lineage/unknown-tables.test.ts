import { expect } from 'chai';
import { UnknownTables } from '../../../src/lineage/index.js';

function named(count: number, from = 0): UnknownTables {
  const tables = new UnknownTables();
  for (let at = 0; at < count; at += 1) tables.add(`t${from + at}`);
  return tables;
}

describe('Tables that the catalog lacks', () => {
  it('are counted over all chunks', () => {
    const run = new UnknownTables();
    for (const from of [0, 100]) run.addTally(named(200, from).tally());
    expect(run.listed('text', 'texts')).to.match(/^; the first of 300: t1\d\d \(2 texts\), /);
  });

  it('are more than their number where chunks pass on the most frequent ones alone', () => {
    const run = new UnknownTables();
    for (const from of [0, 600]) run.addTally(named(600, from).tally());
    expect(run.listed('text', 'texts')).to.match(/^; the first of more than 1000: /);
  });
});
