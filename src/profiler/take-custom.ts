import { AuthenticationError, PermanentError, StatementTimeout, TransientError } from '../errors/index.js';
import { triedInVain, type Measuring } from '../measures/index.js';
import type { CustomMetricProfile } from '../openmetadata/index.js';
import { customValue } from './custom-value.js';
import { describeFailure } from './describe-failure.js';
import type { CustomMetric } from './table-plan.js';

/** What is said of custom metrics without a value. */
export interface CustomRemarks {
  readonly failures: string[];
  /** Names of those that have none by now. */
  readonly empty: string[];
}

/** A custom metric that fails only costs its own value. */
export async function takeCustom(
  metrics: readonly CustomMetric[],
  measuring: Measuring,
  { failures, empty }: CustomRemarks
): Promise<{ customMetrics?: readonly CustomMetricProfile[] }> {
  const taken: CustomMetricProfile[] = [];
  const fail = (name: string, reason: string): void =>
    void failures.push(`Custom metric ${name} has no value: ${reason}`);
  for (const { name, sql, refused } of metrics) {
    if (refused !== undefined) {
      fail(name, refused);
      continue;
    }
    try {
      // a second row tells that there is more than one value
      const { columns, rows } = await measuring.usersOwn(sql, 2);
      const value = customValue(rows, columns.length);
      if (value === undefined) empty.push(name);
      else if (typeof value === 'number') taken.push({ name, value });
      else fail(name, value);
    } catch (error) {
      const reason = await ownReason(error, measuring);
      if (reason === undefined) throw error;
      fail(name, reason);
    }
  }
  return taken.length > 0 ? { customMetrics: taken } : {};
}

/** Why a metric fails alone; undefined where it is the source that fails. */
async function ownReason(error: unknown, measuring: Measuring): Promise<string | undefined> {
  if (error instanceof PermanentError || error instanceof StatementTimeout)
    return describeFailure(error, 'mend its SELECT');
  // a function that it calls may raise any error, that of a refused login among them
  const mayBeOwn = error instanceof TransientError || error instanceof AuthenticationError;
  if (!mayBeOwn || !(await measuring.failsAlone(error))) return undefined;
  return error instanceof TransientError ? triedInVain(error, measuring.mostTries) : error.message;
}
