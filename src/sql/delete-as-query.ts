import { deleteHead } from './delete-head.js';
import type { Dialect } from './dialect.js';

/**
 * A query of the rows that a DELETE removes, which reads and joins what the DELETE reads and joins; undefined for
 * other statements. Lineage has no word for a DELETE: no data flows.
 */
export function deleteAsQuery(sql: string, dialect: Dialect): string | undefined {
  const head = deleteHead(sql, dialect);
  if (head === undefined) return undefined;
  const { ctes, tokens, first, from } = head;
  const shown = tokens.slice(from < 0 ? first : from + 1);
  const last = shown.at(-1);
  if (last === undefined) return undefined;
  // The USING of a join has its columns in brackets, the one of a DELETE has tables.
  const using = shown.findIndex(({ word }, index) => word === 'using' && shown[index + 1]?.word !== '(');
  const parts = shown.map(({ start, end }, index) => {
    if (index === using) return ', ';
    // An OUTPUT that stood there is left out, and so are comments.
    const gap = sql.slice(shown[index - 1]?.end ?? start, start);
    return `${gap.trim() === '' ? gap : ' '}${sql.slice(start, end)}`;
  });
  const withs = ctes.length === 0 ? '' : sql.slice(ctes[0]?.start, ctes.at(-1)?.end);
  return `${withs} SELECT 1 FROM ${parts.join('')}${sql.slice(last.end)}`.trim();
}
