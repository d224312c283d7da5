import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { blocksOf } from '../../services/docs.js';
import { runCli } from '../../services/cli.js';

const PAGES = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md'],
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];
const REFERENCE = readFileSync('docs/cli.md', 'utf8');

describe('om-ingest in the docs', () => {
  const help = async (...command: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await runCli(['help', ...command]);
    expect(code, stderr).to.equal(0);
    return stdout;
  };
  const flagsOf = (text: string): string[] => [...text.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, flag = '']) => flag);

  it('has every command in docs/cli.md', async () => {
    const commands = [...(await help()).matchAll(/^ {2}([a-z]+)(?= )/gm)].map(([, name = '']) => name);
    expect(commands).to.include('explain').and.have.length.above(12);
    const told = commands.filter((name) => name !== 'help');
    expect(
      told.filter((name) => !REFERENCE.includes(`\`${name} `) && !REFERENCE.includes(`\`${name}\``))
    ).to.deep.equal([]);
  });

  it('has the flags of run in its table, and no others', async () => {
    const [, section = ''] = REFERENCE.split('\n## run\n');
    const [own = ''] = section.split('\n## ');
    const cells = [...own.matchAll(/^\| (`--[^|]*)\|/gm)].map(([, cell = '']) => cell);
    const listed = cells.flatMap((cell) => cell.match(/--[a-z-]+/g) ?? []);
    expect(listed).to.have.members(flagsOf(await help('run')));
  });

  it('names commands and flags that there are, in running text and where a block is no script', async () => {
    const named = PAGES.flatMap((page) => {
      const inline = readFileSync(page, 'utf8').matchAll(/`om-ingest ([a-z][^`|]*)`/g);
      const blocks = blocksOf(page, 'text').flatMap(({ text }) => [
        ...text.matchAll(/^(?:[A-Z_]+=\S+ )*om-ingest (.+)$/gm),
      ]);
      return [...inline, ...blocks].map(([, words = '']) => words.split(' '));
    });
    expect(named).to.have.length.above(30);
    for (const words of named) {
      const command = words.slice(0, words[0] === 'schedule' && /^[a-z]+$/.test(words[1] ?? '') ? 2 : 1);
      const flags = words.filter((word) => word.startsWith('--'));
      expect(flagsOf(await help(...command)), words.join(' ')).to.include.members(flags);
    }
  });
});
