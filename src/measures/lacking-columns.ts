import type { MeasureStatement } from './measure-statement.js';
import { namesColumn } from './names-column.js';

/** One of several columns: a statement that has no other may be refused for what the rows are made of. */
export function absentColumn(error: unknown, { columns }: MeasureStatement): string | undefined {
  return columns.length < 2 ? undefined : columns.find((name) => namesColumn(error, name));
}

/** What is left of a statement. @param problems gets what is left out */
export function withoutLacking(
  statement: MeasureStatement,
  lacking: ReadonlyMap<string, string>,
  problems: Map<string, string>
): MeasureStatement | undefined {
  let rest: MeasureStatement | undefined = statement;
  for (const [column, reason] of lacking) {
    const without: ReturnType<MeasureStatement['without']> | undefined = rest?.without(column);
    for (const { key } of without?.asks ?? []) problems.set(key, reason);
    rest = without?.rest;
  }
  return rest;
}
