import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { expect } from 'chai';
import { STAGES } from '../../src/contract/stage-names.js';
import { blocksOf } from '../services/docs.js';

const [rooms, way] = blocksOf('docs/rooms.md', 'mermaid');

/** Folder of src → folders that its files import from. */
function imports(): Map<string, Set<string>> {
  const folders = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return new Map(folders.map(({ name }) => [name, importsOf(name)]));
}

function importsOf(room: string): Set<string> {
  const found = new Set<string>();
  for (const entry of readdirSync(join('src', room), { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
    const folder = entry.parentPath;
    const text = readFileSync(join(folder, entry.name), 'utf8');
    for (const [, path = ''] of text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)) {
      const [, other = '', ...rest] = normalize(join(folder, path)).split('/');
      if (other !== room && rest.length > 0) found.add(other);
    }
  }
  return found;
}

describe('The picture of the rooms', () => {
  const text = rooms?.text ?? '';
  const arrows = [...text.matchAll(/^\s+([\w-]+) --> ([\w-]+)$/gm)].map(([, from = '', to = '']) => ({ from, to }));
  const alone = [...text.matchAll(/^\s+([a-z][\w-]*)$/gm)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'end');

  it('shows every folder of src, and none that is not there', () => {
    const drawn = new Set([...arrows.flatMap(({ from, to }) => [from, to]), ...alone]);
    expect([...drawn].sort()).to.deep.equal([...imports().keys()].sort());
  });

  it('has no arrow without an import behind it', () => {
    const code = imports();
    expect(arrows.length).to.be.above(20);
    expect(arrows.filter(({ from, to }) => code.get(from)?.has(to) !== true)).to.deep.equal([]);
  });

  it('is of the direction that all imports have: none leads back along its arrows', () => {
    const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
      arrows.some((arrow) => {
        if (arrow.from !== from || seen.has(arrow.to)) return false;
        return arrow.to === to || reaches(arrow.to, to, seen.add(arrow.to));
      });
    const back = [...imports()].flatMap(([from, others]) =>
      [...others].filter((to) => reaches(to, from)).map((to) => `${from} --> ${to}`)
    );
    expect(back).to.deep.equal([]);
  });
});

describe('The picture of the way of a table', () => {
  it('names stages as the staging store does', () => {
    const stages = [...(way?.text ?? '').matchAll(/\[\(([\w-]+)\)\]/g)].map(([, stage = '']) => stage);
    expect(stages).to.have.length.above(5);
    expect(Object.values<string>(STAGES)).to.include.members(stages);
  });
});
