import { expect } from 'chai';
import { dialectOf, optionsOf, predictionOf, readCorpus, scoreOf } from '../../../bench/lineage-corpus.js';
import { parseLineage } from '../../../src/sql/index.js';

for (const corpus of ['authored', 'hard', 'variants']) {
  describe(`The ${corpus} corpus`, () => {
    for (const row of readCorpus(`test/data/lineage/${corpus}.jsonl`)) {
      const text = `${row.dialect} ${row.sql.replaceAll('\n', ' ').slice(0, 70)}`;
      it(`is read as it should be: ${text}`, () => {
        const prediction = predictionOf(row.id, parseLineage(row.sql, dialectOf(row), optionsOf(row)));
        const score = scoreOf(row, prediction);
        expect(score.tables, JSON.stringify(prediction)).not.to.equal(false);
        expect(score.columns, JSON.stringify(prediction)).not.to.equal(false);
      });
    }
  });
}
