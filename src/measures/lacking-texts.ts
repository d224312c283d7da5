import { isRefusal } from '../errors/index.js';
import { comparedAs, type Cell, type MeasureDialect, type MeasuredColumn, type RowSet } from '../sources/index.js';
import { unsampled } from './row-statements.js';

/** What somebody wrote, and the column that it is compared with. */
export interface ComparedTexts {
  readonly column: MeasuredColumn;
  readonly texts: readonly string[];
}

export interface AskedRows {
  readonly rows: RowSet;
  readonly dialect: Pick<MeasureDialect, 'characterSets' | 'from' | 'mostExpressions'>;
  /** The rows of a statement. */
  readonly ask: (sql: string) => Promise<readonly (readonly Cell[])[]>;
}

/** Every character set has these. */
const ASCII = /^[\0-\x7f]*$/;

/**
 * The texts of which their column's character set lacks some, by the columns' names: no row has them, and the engine
 * refuses to compare them. Where there is a text beyond ASCII, statements are sent for it that read no row.
 * @throws what `ask` throws
 */
export async function lackingTexts(
  compared: readonly ComparedTexts[],
  { rows, dialect, ask }: AskedRows
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const { characterSets, mostExpressions } = dialect;
  const lacking = new Map<string, Set<string>>();
  const wide = compared.filter(
    ({ column, texts }) => comparedAs(column) === 'text' && texts.some((text) => !ASCII.test(text))
  );
  if (characterSets === undefined || wide.length === 0) return lacking;
  const columns = [...new Map(wide.map(({ column }) => [column.name, column])).values()];
  const none: RowSet = { ...unsampled(rows), where: { op: 'or', of: [] } };
  const [sets = []] = await ask(
    `SELECT ${columns.map((column) => characterSets.of(column)).join(', ')} ${dialect.from(none, columns)}`
  );
  const setOf = new Map(columns.map(({ name }, at) => [name, String(sets[at])]));
  const open = wide.flatMap(({ column: { name }, texts }) =>
    texts.flatMap((text) => {
      const holds = ASCII.test(text) ? undefined : characterSets.holds(setOf.get(name) ?? '', text);
      return holds === undefined ? [] : [{ name, text, holds }];
    })
  );
  for (let from = 0; from < open.length; from += mostExpressions) {
    const some = open.slice(from, from + mostExpressions);
    const [answers = []] = await ask(`SELECT ${some.map(({ holds }) => holds).join(', ')}`);
    for (const [at, { name, text }] of some.entries())
      if (Number(answers[at]) !== 1) lacking.set(name, (lacking.get(name) ?? new Set()).add(text));
  }
  return lacking;
}

/**
 * The rows of a partition by values, without those that its column can't hold.
 * @throws what `ask` throws, but for a refusal: the rows are refused then as well
 */
export async function heldRows({ rows, dialect, ask }: AskedRows): Promise<RowSet> {
  const { where } = rows;
  if (where?.op !== 'in') return rows;
  const { column, values } = where;
  try {
    const texts = values.filter((value) => typeof value === 'string');
    const lacking = (await lackingTexts([{ column, texts }], { rows, dialect, ask })).get(column.name);
    if (lacking === undefined) return rows;
    return {
      ...rows,
      where: { ...where, values: values.filter((value) => typeof value !== 'string' || !lacking.has(value)) },
    };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return rows;
  }
}
