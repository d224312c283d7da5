import { EDGE_SOURCES, type EdgeLine, type ParsedLine, type QueryLine } from './staged-line.js';

/**
 * One line per edge and one per statement: logs repeat themselves. Edges with different sources or procedures are kept
 * apart.
 */
export function foldLines(lines: readonly ParsedLine[]): ParsedLine[] {
  const folded = new Map<string, ParsedLine>();
  for (const line of lines) {
    const key = keyOf(line);
    const known = folded.get(key);
    if (known?.kind === 'edge' && line.kind === 'edge') folded.set(key, uniteEdges(known, line));
    else if (known?.kind === 'query' && line.kind === 'query') folded.set(key, uniteQueries(known, line));
    else folded.set(key, line);
  }
  return [...folded.values()];
}

function keyOf(line: ParsedLine): string {
  if (line.kind === 'view') return `view ${line.id}`;
  if (line.kind === 'doubt') return `doubt ${line.fqn}`;
  return line.kind === 'query'
    ? `query ${line.text}`
    : JSON.stringify([line.source, line.procedureFqn, line.from, line.to]);
}

/** The columns of both; everything else from the stronger one, so that the order of reading doesn't matter. */
export function uniteEdges(left: EdgeLine, right: EdgeLine): EdgeLine {
  const columns = new Map(left.columns.map((link) => [link.join('\n'), link]));
  for (const link of right.columns) columns.set(link.join('\n'), link);
  const stronger = isStronger(right, left) ? right : left;
  return columns.size === stronger.columns.length ? stronger : { ...stronger, columns: [...columns.values()] };
}

/**
 * A view's own SQL comes before what queries did; then the later statement, and if times are equal the one that sorts
 * last.
 */
function isStronger(one: EdgeLine, other: EdgeLine): boolean {
  const [left, right] = [rank(one), rank(other)];
  for (const [index, mine] of left.entries()) {
    const theirs = right[index] ?? '';
    if (mine !== theirs) return mine > theirs;
  }
  return false;
}

function rank({ source, startedAt, sql, procedureFqn }: EdgeLine): readonly (string | number)[] {
  return [-EDGE_SOURCES.indexOf(source), startedAt ?? 0, sql ?? '', procedureFqn ?? ''];
}

export function uniteQueries(left: QueryLine, right: QueryLine): QueryLine {
  const tables = [...new Set([...left.tables, ...right.tables])].sort();
  const [one, other] = [left, right].map(({ startedAt, durationMs, queryType }) => ({
    startedAt,
    durationMs,
    queryType,
  }));
  const isLater =
    (right.startedAt ?? 0) > (left.startedAt ?? 0) ||
    ((right.startedAt ?? 0) === (left.startedAt ?? 0) && JSON.stringify(other) > JSON.stringify(one));
  return { ...(isLater ? right : left), tables };
}
