import { badRequest } from '../api-error.js';
import { parentOf } from '../fqn.js';
import type { JsonObject } from '../json-value.js';
import type { JoinStore } from '../store/join-store.js';

/** Days for which joins are kept, and the most for which usage may be asked for. */
export const MOST_DAYS = 30;

/** The joins of the last 30 days, as the field `joins` of a table shows them. */
export function tableJoins(joins: JoinStore, tableId: string): JsonObject {
  const since = daysBefore(today(), MOST_DAYS - 1);
  const byColumn = new Map<string, JsonObject[]>();
  for (const { ownFqn, otherFqn, count } of joins.of(tableId, since)) {
    const column = ownFqn.slice((parentOf(ownFqn) ?? '').length + 1).replace(/^"(.*)"$/, '$1');
    byColumn.set(column, [...(byColumn.get(column) ?? []), { fullyQualifiedName: otherFqn, joinCount: count }]);
  }
  return {
    startDate: since,
    dayCount: MOST_DAYS,
    columnJoins: [...byColumn].map(([columnName, joinedWith]) => ({ columnName, joinedWith })),
    directTableJoins: [],
  };
}

export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

export function dateOf(text: string, name: string): string {
  if (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw badRequest(`${name}: ${text} isn't a date such as 2026-11-27`);
}

export function daysBefore(date: string, days: number): string {
  return new Date(Date.parse(date) - days * 24 * 3_600_000).toISOString().slice(0, 10);
}
