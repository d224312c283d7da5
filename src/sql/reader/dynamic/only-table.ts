import type { Statement } from '../../statement-tree.js';
import type { Name, NamePart } from '../../tree.js';

/** What leaves the table where it is, and its name what it was. */
const KINDS: ReadonlySet<string> = new Set(['change', 'delete', 'update', 'insert', 'select']);

/** The one table that the statements name, whatever they do with it; `undefined` where it is not one alone. */
export function onlyTable(statements: readonly Statement[]): Name | undefined {
  if (statements.length === 0 || statements.some(({ kind }) => !KINDS.has(kind))) return undefined;
  const found = new Map<string, Name>();
  collect(statements, found);
  const [only] = found.values();
  return found.size === 1 ? only : undefined;
}

export function tableKey(name: Name): string {
  return name.map(({ text }) => text.toLowerCase()).join('.');
}

function collect(node: unknown, found: Map<string, Name>): void {
  if (typeof node !== 'object' || node === null) return;
  if (isName(node)) {
    found.set(tableKey(node), node);
    return;
  }
  // a file is none
  if ('path' in node && typeof node.path === 'string') found.set(`path ${node.path}`, []);
  for (const each of Object.values(node)) collect(each, found);
}

function isName(node: object): node is Name {
  return Array.isArray(node) && node.length > 0 && node.every(isPart);
}

function isPart(part: unknown): part is NamePart {
  return typeof part === 'object' && part !== null && 'text' in part && 'quoted' in part;
}
