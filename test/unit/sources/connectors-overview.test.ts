import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { allSources, type NameFolding, type Source, type SourceFeature } from '../../../src/sources/index.js';

const FOLDED: Readonly<Record<NameFolding, string>> = {
  'as-written': 'as written',
  lower: 'lower case',
  upper: 'upper case',
};
/**
 * In the order of the columns; a feature that a spec may name has one, but for those that are no more than how others
 * are done.
 */
const COLUMNS: Readonly<
  Record<
    Exclude<
      SourceFeature,
      | 'usage-counted'
      | 'procedure-queries'
      | 'approximate-percentiles'
      | 'approximate-distinct'
      | 'sampling-methods'
      | 'rows-hashed-here'
    >,
    true
  >
> = {
  'query-log': true,
  'usage-log': true,
  measures: true,
  incremental: true,
  tags: true,
  owners: true,
  procedures: true,
};

function row({ type, serviceType, unquotedNames, supports }: Source): string[] {
  const features = Object.keys(COLUMNS).map((feature) => (supports.some((one) => one === feature) ? 'yes' : 'no'));
  return [`[${type}](${type}.md)`, serviceType, FOLDED[unquotedNames], ...features];
}

describe('The table of connectors in docs/connectors/README.md', () => {
  it('says of each what its spec says', () => {
    const rows = readFileSync('docs/connectors/README.md', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| ['))
      .map((line) => line.split('|').slice(1, -1))
      .map((cells) => cells.map((cell) => cell.trim()));
    expect(rows).to.deep.equal(allSources().map(row));
  });

  it('leads to a page for each, which README.md names too', () => {
    const readme = readFileSync('README.md', 'utf8');
    for (const { type } of allSources()) {
      expect(existsSync(`docs/connectors/${type}.md`), `docs/connectors/${type}.md`).to.equal(true);
      expect(readme).to.contain(`(docs/connectors/${type}.md)`);
    }
  });
});

describe('The registry', () => {
  it('is the only list of connectors in src: no file outside of their folders asks which one it has', () => {
    const types = allSources().map(({ type }) => type);
    const asks = new RegExp(`(type|sourceType|service) ?[!=]== '(${types.join('|')})'|Set\\(\\['(${types.join('|')})'`);
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !types.some((type) => file.startsWith(`sources/${type}/`)))
      // the names there are those of SQL dialects
      .filter((file) => !file.startsWith('sql/'))
      .filter((file) => asks.test(readFileSync(`src/${file}`, 'utf8')));
    expect(files).to.deep.equal([]);
  });
});
