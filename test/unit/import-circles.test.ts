import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';

const SOURCES = 'src';
/** An expression has queries in it, and a query expressions: its readers call each other. */
const RECURSIVE = ['sql/reader/', 'sql/resolve/'];

/** Files that a file imports, if only their types; an `import()` that is awaited later is none. */
async function importsOf(file: string): Promise<string[]> {
  const text = await readFile(path.join(SOURCES, file), 'utf8');
  return [...text.matchAll(/^(?:import|export) [^;]*? from '(\.[^']+)\.js';$/gm)].map(([, target = '']) =>
    path.join(path.dirname(file), `${target}.ts`)
  );
}

/** The first circle from a file on, as the way around it. */
function circleFrom(start: string, graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const before = new Map<string, string>();
  const waiting = [start];
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    for (const next of graph.get(file) ?? []) {
      if (next === start) {
        const way = [start];
        for (let at: string | undefined = file; at !== undefined && at !== start; at = before.get(at)) way.unshift(at);
        return [start, ...way];
      }
      if (before.has(next)) continue;
      before.set(next, file);
      waiting.push(next);
    }
  }
  return undefined;
}

describe('Imports', () => {
  it('go in no circle, but for the recursion of the SQL reader', async () => {
    const files = (await readdir(SOURCES, { recursive: true })).filter((file) => file.endsWith('.ts'));
    const graph = new Map(await Promise.all(files.map(async (file) => [file, await importsOf(file)] as const)));
    expect([...graph.values()].flat().length, 'imports found').to.be.greaterThan(1_000);
    const circles = files
      .filter((file) => !RECURSIVE.some((folder) => file.startsWith(folder)))
      .flatMap((file) => circleFrom(file, graph)?.join(' → ') ?? []);
    expect(circles).to.deep.equal([]);
    expect(circleFrom('sql/reader/expressions.ts', graph), 'the circle that is allowed').to.be.an('array');
  });
});
