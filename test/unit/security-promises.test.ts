import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';

const PAGE = 'docs/security.md';
const LIST = 'test/security.md';

interface Row {
  readonly says: string;
  readonly heldBy: readonly string[];
}

/** Paragraphs, list items and rows of tables, without headings, code and the heads of tables. */
function blocksOf(page: string): string[] {
  const text = readFileSync(page, 'utf8').replace(/^```[\s\S]*?^```/gm, '');
  const lines = text.replace(/^\|.*\n\|(?: *:?-+:? *\|)+$/gm, '').split('\n');
  return lines.filter((line) => /^[^#\s]/.test(line)).map((line) => line.replace(/^(?:- |\| *)/, ''));
}

function rowsOf(list: string): Row[] {
  return blocksOf(list)
    .slice(1)
    .map((row) => {
      const [says = '', heldBy = ''] = row.split(/ *\| */);
      return { says, heldBy: heldBy.split('<br>') };
    });
}

describe(`What ${PAGE} says`, () => {
  const rows = rowsOf(LIST);
  const blocks = blocksOf(PAGE);

  it('is in the list of what holds it, each once', () => {
    const without = blocks.filter((block) => rows.filter(({ says }) => block.startsWith(says)).length !== 1);
    expect(without).to.deep.equal([]);
    const dead = rows.filter(({ says }) => blocks.filter((block) => block.startsWith(says)).length !== 1);
    expect(dead.map(({ says }) => says)).to.deep.equal([]);
    expect(blocks).to.have.length.above(30);
  });

  it('is held by tests that there are, or says why it can not be', () => {
    const lost = rows.flatMap(({ says, heldBy }) =>
      heldBy.filter((held) => !isThere(held)).map((held) => `${says}: ${held}`)
    );
    expect(lost).to.deep.equal([]);
  });
});

/** `test/unit/x.test.ts: words of its name`, or `none: why`. */
function isThere(held: string): boolean {
  const [, file = '', words = ''] = /^(\S+): (.+)$/.exec(held) ?? [];
  if (file === 'none') return words !== '';
  return file.startsWith('test/') && words !== '' && existsSync(file) && readFileSync(file, 'utf8').includes(words);
}
