import { expect } from 'chai';
import { contractPaths, type GraphEdge } from '../../../src/lineage/contract-paths.js';

/** `a>t` with columns `x:y`; names in upper case are known. */
function graph(...texts: readonly string[]): GraphEdge[] {
  return texts.map((text) => {
    const [ends = '', links = ''] = text.split(' ');
    const [from = '', to = ''] = ends.split('>');
    const columns = links === '' ? [] : links.split(',').map((link) => link.split(':'));
    return { from, to, columns: columns.map(([one = '', other = '']) => [one, other] as const) };
  });
}

function paths(edges: readonly GraphEdge[]): string[] {
  return [...contractPaths(edges, (node) => node === node.toUpperCase())].map(
    ({ from, to, columns, through }) =>
      `${from}>${through.map((node) => `${node}>`).join('')}${to} ${columns.map((link) => link.join(':')).join(',')}`
  );
}

describe('edges through unknown tables', () => {
  it('join what flows in with what flows on, column by column', () => {
    expect(paths(graph('A>t a:b,c:d', 't>B b:e,d:f,z:g'))).to.deep.equal(['A>t>B a:e,c:f']);
  });

  it('leave straight edges as they are and unknown ends out', () => {
    expect(paths(graph('A>B a:b', 'x>B a:b', 'B>y a:b'))).to.deep.equal(['A>B a:b']);
  });

  it('unite all ways between two tables and keep the shortest', () => {
    const edges = graph('A>t a:b', 't>B b:c', 'A>u a2:b', 'u>v b:b', 'v>B b:c2');
    expect(paths(edges)).to.deep.equal(['A>t>B a:c,a2:c2']);
  });

  it('are the same in any order of the edges', () => {
    const edges = graph('A>t a:b', 'C>t c:b', 't>u b:b', 'u>B b:d', 't>D b:e', 'B>w d:d', 'w>E d:d');
    const expected = paths(edges);
    expect(expected).to.have.length(5);
    for (let turn = 1; turn < edges.length; turn += 1)
      expect(paths([...edges.slice(turn), ...edges.slice(0, turn)])).to.deep.equal(expected);
  });

  it('end in circles, and do not lead back to their start', () => {
    expect(paths(graph('A>t a:b', 't>u b:c', 'u>t c:b2', 'u>B b:x,c:d', 't>A b:a'))).to.deep.equal(['A>t>u>B a:d']);
  });

  it('carry a whole row on as the columns that follow', () => {
    expect(paths(graph('A>t *:*', 't>B a:b'))).to.deep.equal(['A>t>B a:b']);
    expect(paths(graph('A>t a:b', 't>B *:*'))).to.deep.equal(['A>t>B a:b']);
  });

  it('are at most 20 steps long', () => {
    const chain = (steps: number): GraphEdge[] =>
      graph(
        ...Array.from(
          { length: steps },
          (_, n) => `${n === 0 ? 'A' : `t${n}`}>${n === steps - 1 ? 'B' : `t${n + 1}`} c:c`
        )
      );
    expect(paths(chain(20))).to.have.length(1);
    expect(paths(chain(21))).to.have.length(0);
  });

  it('of a dense graph take a bounded time', () => {
    const names = Array.from({ length: 60 }, (_, n) => `t${n}`);
    const dense = names.flatMap((from) => names.filter((to) => to !== from).map((to) => `${from}>${to} c:c`));
    expect(paths(graph('A>t0 a:c', ...dense, 't59>B c:b'))).to.deep.equal(['A>t0>t59>B a:b']);
  });
});
