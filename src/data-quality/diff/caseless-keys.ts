import { sessionFor, type RowSet } from '../../sources/index.js';
import type { OpenService } from '../service-measures.js';
import type { DiffColumn, DiffPlan } from './plan-diff.js';

/** One of the two tables, and where it is read. */
export interface DiffTable {
  readonly service: Pick<OpenService, 'source' | 'session'>;
  readonly rows: RowSet;
}

/**
 * The plan with the keys that have no case on either side: citext, or a domain over it. Asks the source, without
 * reading a row, where a type's words don't tell: a domain over a text may have any name.
 */
export async function withCaselessKeys(plan: DiffPlan, one: DiffTable, other: DiffTable): Promise<DiffPlan> {
  const unsure = plan.keys1.flatMap((key, at) => {
    const second = plan.keys2[at];
    if (second === undefined) return [];
    const [is1, is2] = [
      one.service.source.dialect.caseless?.is(key),
      other.service.source.dialect.caseless?.is(second),
    ];
    return is1 === undefined || is2 === undefined ? [] : [{ at, is1, is2 }];
  });
  if (unsure.length === 0) return plan;
  const told1 = await truths(
    one,
    plan.keys1,
    unsure.map(({ is1 }) => is1)
  );
  const told2 = await truths(
    other,
    plan.keys2,
    unsure.map(({ is2 }) => is2)
  );
  const caseless = new Set(unsure.flatMap(({ at }, index) => (told1[index] && told2[index] ? [at] : [])));
  const told = (key: DiffColumn, at: number): DiffColumn => (caseless.has(at) ? { ...key, ignoresCase: true } : key);
  return { ...plan, keys1: plan.keys1.map(told), keys2: plan.keys2.map(told) };
}

async function truths(
  { service, rows }: DiffTable,
  keys: readonly DiffColumn[],
  conditions: readonly string[]
): Promise<boolean[]> {
  const { dialect } = service.source;
  const { table, isView } = rows;
  const none = `SELECT * ${dialect.from({ table, isView }, keys)} LIMIT 0`;
  const sql = `SELECT ${conditions.join(', ')} FROM (SELECT 1 AS om_one) AS o LEFT JOIN (${none}) AS n ON 1 = 1`;
  const [row = []] = (await sessionFor(await service.session(), rows).query(sql, 1)).rows;
  return conditions.map((_, at) => row[at] === true);
}
