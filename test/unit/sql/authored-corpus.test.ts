import { expect } from 'chai';
import { dialectOf, optionsOf, predictionOf, readCorpus, scoreOf } from '../../../bench/lineage-corpus.js';
import { parseLineage } from '../../../src/sql/index.js';

/** BigQuery's pipe syntax (`FROM t |> WHERE …`) is not read: it is told as a doubt. */
const NOT_READ: ReadonlySet<string> = new Set(['hk-8552c3150163', 'hk-5753de37adb2']);

for (const corpus of ['authored', 'hard', 'variants']) {
  describe(`The ${corpus} corpus`, () => {
    for (const row of readCorpus(`test/data/lineage/${corpus}.jsonl`)) {
      const text = `${row.dialect} ${row.sql.replaceAll('\n', ' ').slice(0, 70)}`;
      if (NOT_READ.has(row.id)) {
        it(`is doubted where it is not read: ${text}`, () => {
          expect(parseLineage(row.sql, dialectOf(row), optionsOf(row)).doubts).not.to.deep.equal([]);
        });
        continue;
      }
      it(`is read as it should be: ${text}`, () => {
        const prediction = predictionOf(row.id, parseLineage(row.sql, dialectOf(row), optionsOf(row)));
        const score = scoreOf(row, prediction);
        expect(score.tables, JSON.stringify(prediction)).not.to.equal(false);
        expect(score.columns, JSON.stringify(prediction)).not.to.equal(false);
      });
    }
  });
}
