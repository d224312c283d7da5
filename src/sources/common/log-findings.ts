import { PermanentError } from '../../errors/index.js';
import type { CheckResult, SourceContext } from '../source.js';

/**
 * Applies the findings of a check to a run: what is missing but not needed is a warning.
 * @throws PermanentError for a finding without which nothing can be read, with the statement that fixes it
 */
export async function warnOfFindings(
  findings: AsyncIterable<CheckResult>,
  { onWarning }: Pick<SourceContext, 'onWarning'>
): Promise<void> {
  for await (const { passed, error, message, remedy } of findings) {
    if (passed) continue;
    if (error !== undefined) throw error;
    onWarning(remedy === undefined ? message : `${message} ${remedy}`);
  }
}

/**
 * Whether the server takes a recipe's filterCondition.
 * @param probe asks it for no rows
 * @param over what the condition may be about: `mysql.general_log: event_time, …`
 */
export async function checkCondition(probe: () => Promise<unknown>, over: string): Promise<CheckResult> {
  const base = { name: 'filterCondition', mandatory: true } as const;
  try {
    await probe();
    return { ...base, passed: true, message: 'the server takes it' };
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    const message = `The server does not take the filterCondition: ${error.message}`;
    const remedy = `It is put into WHERE, in parentheses, over ${over}.`;
    const where = 'source.sourceConfig.config.filterCondition';
    return { ...base, passed: false, message, remedy, error: new PermanentError(message, { where, remedy }) };
  }
}
