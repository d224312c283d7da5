import type { NameRange, SchemaRef } from '../../source.js';
import { changes } from './account-usage-queries.js';
import { isNotAuthorized } from '../errors.js';
import { compareNames } from '../../common/binary-order.js';
import type { ListedObject } from './listed-object.js';
import type { Session } from '../session/session.js';
import { SortedRows } from '../session/sorted-rows.js';

export interface Changed {
  readonly kind: 'changed';
  readonly object: ListedObject;
}

export interface Gone {
  readonly kind: 'gone';
  readonly name: string;
}

/**
 * What changed in a listing since a given time, and the names dropped since, in order. A table counts as changed by the
 * catalog's own LAST_DDL or by account usage, which also knows the dropped ones but lags; streams, stages and semantic
 * views have no such time and always count as changed.
 * @param changedSince epoch milliseconds
 */
export async function* onlyChanged(
  session: Session,
  accountUsageSchema: string,
  schema: SchemaRef,
  listed: AsyncGenerator<ListedObject>,
  range: NameRange & { readonly changedSince: number }
): AsyncGenerator<Changed | Gone> {
  const told = new SortedRows(
    session.batches(changes(accountUsageSchema, schema, range.after, range.changedSince)),
    'TABLE_NAME'
  );
  try {
    await warnIfUnreadable(session, accountUsageSchema, told);
    for await (const object of listed) {
      yield* goneWhile(told, (name) => compareNames(name, object.name) < 0);
      const known = await told.take(object.name);
      const changed = object.lastDdl === undefined || object.lastDdl >= range.changedSince || known.length > 0;
      if (changed) yield { kind: 'changed', object };
    }
    const { until } = range;
    yield* goneWhile(told, (name) => until === undefined || compareNames(name, until) <= 0);
  } finally {
    await told.close();
  }
}

/**
 * Names that account usage reports but the listing no longer has: dropped, unless account usage still has a live one
 * (then it is only hidden).
 */
async function* goneWhile(told: SortedRows, isPassed: (name: string) => boolean): AsyncGenerator<Gone> {
  for (;;) {
    const row = await told.takeNext((next) => isPassed(next.text('TABLE_NAME')));
    if (row === undefined) return;
    if (row.optionalNumber('LIVE_ROWS') === 0) yield { kind: 'gone', name: row.text('TABLE_NAME') };
  }
}

async function warnIfUnreadable(session: Session, accountUsageSchema: string, told: SortedRows): Promise<void> {
  try {
    await told.peek();
  } catch (error) {
    if (!isNotAuthorized(error)) throw error;
    session.context.onWarning(
      `The role may not select ${accountUsageSchema}.TABLES: changes are taken from LAST_DDL of the catalog, and dropped tables are not noticed by incremental runs.`
    );
  }
}
