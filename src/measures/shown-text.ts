import { comparedAs, type MeasureDialect, type MeasuredColumn } from '../sources/index.js';

/** A text that `MeasureDialect.shown` of a column gave, as rows are kept: bytes are marked, times are ISO's. */
export function shownText(text: string, column: MeasuredColumn, { base64 }: Pick<MeasureDialect, 'base64'>): string {
  if (base64.has(column.dataType)) return `[base64]${text.replaceAll(/\s/g, '')}`;
  return comparedAs(column) === 'time' ? isoTime(text) : text;
}

/** With its T. */
function isoTime(text: string): string {
  return text.replace(/^(\d{4}-\d\d-\d\d) (?=\d\d:)/, '$1T');
}
