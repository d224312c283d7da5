import { PermanentError } from '../../errors/index.js';
import type { CheckResult, SourceContext } from '../source.js';

const CONDITION = 'filterCondition';

/**
 * Applies the findings of a check to a run: what is missing but not needed is a warning.
 * @param reader lineage is told how a run does without the log; a run for usage can't
 * @throws PermanentError for a finding without which nothing can be read, with the statement that fixes it
 */
export async function warnOfFindings(
  findings: AsyncIterable<CheckResult>,
  { onWarning }: Pick<SourceContext, 'onWarning'>,
  reader: 'lineage' | 'usage'
): Promise<void> {
  for await (const { name, passed, error, message, remedy } of findings) {
    if (passed) continue;
    if (error instanceof PermanentError && reader === 'lineage' && name !== CONDITION) throw withoutLog(error);
    if (error !== undefined) throw error;
    onWarning(remedy === undefined ? message : `${message} ${remedy}`);
  }
}

function withoutLog(error: PermanentError): PermanentError {
  const without = 'A lineage recipe does without it by processQueryLineage: false.';
  return new PermanentError(error.message, {
    ...(error.where === undefined ? {} : { where: error.where }),
    remedy: error.remedy === undefined ? without : `${error.remedy} ${without}`,
    cause: error,
  });
}

/**
 * Whether the server takes a recipe's filterCondition.
 * @param probe asks it for no rows
 * @param over what the condition may be about: `mysql.general_log: event_time, …`
 */
export async function checkCondition(probe: () => Promise<unknown>, over: string): Promise<CheckResult> {
  const base = { name: CONDITION, mandatory: true } as const;
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
