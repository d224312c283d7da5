import { type Alias, type Document, isAlias, isScalar, isSeq, type Node, type Scalar, visit, type YAMLSeq } from 'yaml';

/** Lists of values that are compared with a column, whose type alone tells whether a number is meant. */
const VALUES = new Set(['partitionValues']);

/** Whole numbers of any size. */
const BOUNDS = new Set(['partitionIntegerRangeStart', 'partitionIntegerRangeEnd']);

/**
 * Values keep the writing that they have in the recipe where YAML reads a number or a truth value that is written
 * otherwise: 9007199254740993 is no double, and 007, 1.10 and True may be texts of a column. Where an alias repeats
 * such a value in another place, it stays what YAML reads.
 */
export function keepWriting(document: Document, targets: ReadonlyMap<Alias, Node>): void {
  const meant = (node: unknown): unknown => (isAlias(node) ? targets.get(node) : node);
  const read = new Set<unknown>();
  const kept = (node: unknown, written: Scalar | undefined): unknown => {
    if (written !== undefined) read.add(node);
    return written ?? node;
  };
  visit(document, {
    Pair(_, pair) {
      if (!isScalar(pair.key)) return;
      const key = String(pair.key.value);
      if (BOUNDS.has(key)) pair.value = kept(pair.value, asDigits(meant(pair.value)));
      if (!VALUES.has(key)) return;
      const list = meant(pair.value);
      if (!isSeq(list)) return;
      const items = list.items.map((item) => kept(item, asWritten(meant(item))));
      if (!isAlias(pair.value)) {
        list.items = items;
        return;
      }
      // what an alias repeats may be something else where it stands
      const own = list.clone() as YAMLSeq;
      own.items = items;
      delete own.anchor;
      pair.value = own;
    },
  });
  visit(document, {
    Alias(_, alias) {
      const target = targets.get(alias);
      if (!isScalar(target) || !read.has(target)) return undefined;
      const value = target.clone() as Scalar;
      delete value.anchor;
      return value;
    },
  });
}

/** Undefined where YAML's value is written just so. */
function asWritten(node: unknown): Scalar | undefined {
  if (!isScalar(node) || (typeof node.value !== 'number' && typeof node.value !== 'boolean')) return undefined;
  return node.source === String(node.value) ? undefined : textOf(node, node.source);
}

/** Undefined for a whole number that a double holds. */
function asDigits(node: unknown): Scalar | undefined {
  if (!isScalar(node) || typeof node.value !== 'number' || Number.isSafeInteger(node.value)) return undefined;
  const { source } = node;
  return textOf(node, source !== undefined && /^0[xo]/.test(source) ? String(BigInt(source)) : source);
}

function textOf(node: Scalar, text: string | undefined): Scalar | undefined {
  if (text === undefined) return undefined;
  const written = node.clone() as Scalar;
  written.value = text;
  delete written.anchor;
  return written;
}
