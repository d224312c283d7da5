import { NoSuchColumn } from '../errors/index.js';

/** Whether a refusal, or what caused it, says that this column isn't there. */
export function namesColumn(error: unknown, name: string): boolean {
  const fault = error instanceof Error && error.cause instanceof NoSuchColumn ? error.cause : error;
  return fault instanceof NoSuchColumn && (fault.column === name || fault.column.endsWith(`.${name}`));
}
