import type { SharedColumns } from '../dialect.js';
import { distinctSources, type OutputColumn } from './outputs.js';
import type { TableRef } from './table-ref.js';
import { keysAmong } from '../column-names.js';
import type { Bound, Scope, SharedBy } from './scope.js';

/** What `*` shows at one place: a column, or tables whose columns are not known. */
export interface StarPart {
  readonly column?: OutputColumn;
  readonly open: readonly TableRef[];
}

interface Placed extends StarPart {
  /** Which relation of FROM it belongs to; of a shared column, the first one of the join. */
  readonly at: number;
}

/** The columns of the relations one behind the other. */
export function partsOf(bounds: readonly Bound[]): StarPart[] {
  return bounds.flatMap(({ outputs }): StarPart[] => {
    const openKeys = new Set(outputs.open.map(({ key }) => key));
    const known = outputs.columns.filter((column) => !isCovered(column, openKeys));
    const parts = known.map((column): StarPart => ({ column, open: [] }));
    return outputs.open.length === 0 ? parts : [...parts, { open: outputs.open }];
  });
}

/** What an unqualified `*` shows, in the dialect's order: what a join shares shows once, made of both sides. */
export function starLayout(scope: Scope, order: SharedColumns): readonly StarPart[] {
  if (scope.shared.length === 0) return partsOf(scope.bounds);
  let parts = scope.bounds.flatMap((bound, at) => partsOf([bound]).map((part): Placed => ({ ...part, at })));
  for (const shared of scope.shared) {
    const { left, end } = shared.join;
    const inside = parts.filter(({ at }) => at >= left && at < end);
    parts = [
      ...parts.filter(({ at }) => at < left),
      ...joined(inside, shared, order),
      ...parts.filter(({ at }) => at >= end),
    ];
  }
  return parts;
}

function joined(parts: readonly Placed[], { join, columns, isWhole }: SharedBy, order: SharedColumns): Placed[] {
  const sides = [parts.filter(({ at }) => at < join.joined), parts.filter(({ at }) => at >= join.joined)];
  if (order === 'first-by-table' && join.isRight) sides.reverse();
  const [first = [], second = []] = sides;
  const taken = new Set<Placed>();
  const shared = columns.flatMap(({ name, sources }) => {
    const [one, other] = [named(first, name), named(second, name)];
    const known = one ?? other;
    if (known?.column === undefined) return [];
    for (const part of [one, other]) if (part !== undefined) taken.add(part);
    const all = [one, other].flatMap((part) => part?.column?.sources ?? []);
    const column = { name: known.column.name, sources: distinctSources([...all, ...sources]) };
    return [{ at: join.left, column, open: [], one }];
  });
  const rest = (side: readonly Placed[]): Placed[] => side.filter((part) => !taken.has(part));
  if (order === 'in-place') {
    const places = new Map(shared.map((part) => [part.one, part]));
    return [
      ...first.flatMap((part) => places.get(part) ?? part),
      ...shared.filter(({ one }) => one === undefined),
      ...rest(second),
    ];
  }
  if (join.columns === undefined || order === 'first-by-table') {
    const place = (part?: Placed): number => (part === undefined ? first.length : first.indexOf(part));
    shared.sort((a, b) => place(a.one) - place(b.one));
  }
  const others = [...rest(first), ...rest(second)];
  if (isWhole) return [...shared, ...others];
  // More may be shared than is known: no place is certain.
  return [...others.filter(isOpen), ...shared, ...others.filter((part) => !isOpen(part))];
}

function named(parts: readonly Placed[], name: string): Placed | undefined {
  const key = keysAmong(parts.flatMap(({ column }) => column ?? []))(name);
  return parts.find(({ column }) => column?.name.toLowerCase() === key);
}

function isOpen(part: StarPart): boolean {
  return part.column === undefined;
}

/** True for a column that the unknown `*` of the same relation passes on as well. */
function isCovered(column: OutputColumn, open: ReadonlySet<string>): boolean {
  if (open.size === 0 || column.sources.length === 0) return false;
  return column.sources.every(
    (source) =>
      source.table !== undefined &&
      open.has(source.table.key) &&
      source.column.toLowerCase() === column.name.toLowerCase()
  );
}
