import { isCondition } from '../../common/filter-condition.js';
import type { QueryLogOptions } from '../../query-log.js';
import type { CheckResult, SourceContext } from '../../source.js';
import { probeAccess } from './access-history-statements.js';
import { checkInSession, failed, passed } from '../session/check-session.js';
import type { SnowflakeConnectionConfig } from '../config.js';
import { probeLoads } from './copy-history-statements.js';
import type { Driver } from '../session/driver.js';
import { accountUsageRemedy } from '../catalog/grants.js';
import { probeHistory } from './query-log-statements.js';
import { tryAccessCondition, tryHistoryCondition } from './query-log-windows.js';
import type { Session, Statement } from '../session/session.js';

interface LogView {
  readonly view: string;
  readonly probe: Statement;
  /** Without this one a run fails. */
  readonly mandatory: boolean;
  readonly without: string;
}

/**
 * What a run needs from the query log: the connection, QUERY_HISTORY, with `useAccessHistory` also ACCESS_HISTORY and
 * COPY_HISTORY, and the recipe's condition on the view that will be read. A view that can't be read comes with its
 * grant.
 */
export function checkSnowflakeQueryLog(
  config: SnowflakeConnectionConfig,
  context: SourceContext,
  { filterCondition }: QueryLogOptions,
  driver?: Driver
): AsyncIterable<CheckResult> {
  return checkInSession(config, context, driver, async function* (session, { role }) {
    const schema = config.accountUsageSchema;
    const history: LogView = {
      view: 'QUERY_HISTORY',
      probe: probeHistory(schema),
      mandatory: true,
      without: 'there are no texts to read',
    };
    let condition: typeof tryAccessCondition | undefined = (yield* check(session, schema, role, history))
      ? tryHistoryCondition
      : undefined;
    if (config.useAccessHistory) {
      const access: LogView = {
        view: 'ACCESS_HISTORY',
        probe: probeAccess(schema),
        mandatory: false,
        without: 'lineage is read from the texts of QUERY_HISTORY',
      };
      if (yield* check(session, schema, role, access)) condition = tryAccessCondition;
      const loads = { view: 'COPY_HISTORY', probe: probeLoads(schema), mandatory: false };
      yield* check(session, schema, role, { ...loads, without: 'loads from external stages are not counted' });
    }
    if (condition === undefined || !isCondition(filterCondition)) return;
    try {
      await condition(session, schema, filterCondition);
      yield passed('filterCondition', true, 'Snowflake takes it.');
    } catch (error) {
      session.context.signal.throwIfAborted();
      yield failed('filterCondition', true, error);
    }
  });
}

/** @returns whether the view can be read and, where a row was asked for, has one */
async function* check(
  session: Session,
  schema: string,
  role: string,
  { view, probe, mandatory, without }: LogView
): AsyncGenerator<CheckResult, boolean> {
  const name = `${schema}.${view}`;
  try {
    const rows = await session.all(probe);
    if (view === 'ACCESS_HISTORY' && rows.length === 0) {
      const message = `${name} is empty (Snowflake fills it from the Enterprise edition on): ${without}.`;
      yield { name, passed: false, mandatory, message, remedy: 'useAccessHistory: false keeps this warning away.' };
      return false;
    }
    yield passed(name, mandatory, `${name} can be read.`);
    return true;
  } catch (error) {
    session.context.signal.throwIfAborted();
    const { message } = failed(name, mandatory, error);
    const remedy = accountUsageRemedy(error, schema, role);
    yield { name, passed: false, mandatory, message: `${message} Without it ${without}.`, remedy };
    return false;
  }
}
