import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';

const PAGES = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'],
  ...['docs', 'examples']
    .flatMap((folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name))))
    .filter((name) => name.endsWith('.md')),
];

/** Anchors of a page, as GitHub makes them of its headings. */
function anchorsOf(page: string): string[] {
  const text = readFileSync(page, 'utf8').replace(/^```[\s\S]*?^```/gm, '');
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\- _]/gu, '')
      .replaceAll(' ', '-')
  );
}

describe('Pages of the docs', () => {
  for (const page of PAGES) {
    const text = readFileSync(page, 'utf8');

    it(`${page} links to what is there`, () => {
      const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, link = '']) => link);
      expect(links.filter((link) => !existsSync(join(dirname(page), link)))).to.deep.equal([]);
      const anchors = [...text.matchAll(/\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)/g)];
      const dead = anchors.filter(([, link = '', anchor = '']) => {
        const target = link === '' ? page : join(dirname(page), link);
        return target.endsWith('.md') && !anchorsOf(target).includes(anchor);
      });
      expect(dead.map(([link]) => link)).to.deep.equal([]);
    });
  }

  it('CONTRIBUTING.md names files that are there', () => {
    const named = readFileSync('CONTRIBUTING.md', 'utf8').matchAll(
      /(?<![\w/])((?:src|test|docs|bench|recipes)\/[\w./-]+)(?!\S*<)/g
    );
    const paths = [...named].map(([, path = '']) => path.replace(/[.,]$/, '')).filter((path) => !path.endsWith('/'));
    expect(paths.length).to.be.above(5);
    expect(paths.filter((path) => !existsSync(path))).to.deep.equal([]);
  });
});
