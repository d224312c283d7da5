import type { Failure, RunReport } from '../../report/index.js';

/** Failures that say the same, apart from names and numbers. */
export interface FailureCause {
  readonly step: string;
  /** The message of the first one. */
  readonly example: string;
  /** How many in the report. */
  readonly count: number;
  /** Those that say what they are about. */
  readonly entities: readonly string[];
}

/** A report's failures, and the reasons of a partial success, by cause; the most frequent first. */
export function failureCauses({ steps, reasons = [] }: RunReport): FailureCause[] {
  const causes = new Map<string, { step: string; example: string; count: number; entities: string[] }>();
  const add = (step: string, { entity, error }: Failure): void => {
    const key = `${step}\n${causeOf(entity, error)}`;
    const cause = causes.get(key) ?? { step, example: error, count: 0, entities: [] };
    causes.set(key, cause);
    cause.count += 1;
    if (entity !== '') cause.entities.push(entity);
  };
  for (const { name, failures } of steps) for (const failure of failures) add(name, failure);
  for (const reason of reasons) add('held back', reason);
  return [...causes.values()].sort((one, other) => other.count - one.count);
}

/** The message without what differs from record to record: its own name, quoted names, numbers. */
function causeOf(entity: string, error: string): string {
  if (entity === '') return plain(error);
  const last = entity.split('.').at(-1) ?? entity;
  return plain(error.replaceAll(entity, '…').replaceAll(last, '…'));
}

function plain(error: string): string {
  return error.replace(/(["'`]).*?\1/g, '…').replace(/\d+/g, '#');
}
