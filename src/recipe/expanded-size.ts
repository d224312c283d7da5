import { type Alias, isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';

/** What a value takes besides its own characters: quotes, a comma, a colon. */
const AROUND = 4;

/** About how many characters a YAML tree has as JSON, with each alias written out. */
export function expandedSize(root: unknown, targets: ReadonlyMap<Alias, Node>): number {
  // an anchor stands before its aliases: what is repeated is known by then, and nothing is walked twice
  const known = new Map<Node, number>();
  const sizeOf = (node: unknown): number => {
    if (isAlias(node)) return known.get(targets.get(node) ?? node) ?? AROUND;
    if (isScalar(node)) return remembered(node, (node.source?.length ?? 0) + AROUND);
    if (isSeq(node)) return remembered(node, sum(node.items.map(sizeOf)) + AROUND);
    if (!isMap(node)) return AROUND;
    return remembered(node, sum(node.items.map(({ key, value }) => sizeOf(key) + sizeOf(value))) + AROUND);
  };
  const remembered = (node: Node, size: number): number => {
    if ('anchor' in node && node.anchor !== undefined) known.set(node, size);
    return size;
  };
  return sizeOf(root);
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size, 0);
}
