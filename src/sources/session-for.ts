import type { MeasureSession, TableRef } from './measures.js';

/** The session in which rows of a table can be read. */
export function sessionFor(session: MeasureSession, { database }: Pick<TableRef, 'database'>): MeasureSession {
  return session.in?.(database) ?? session;
}
