import type { SqlValue } from '../store/sqlite.js';

/** A condition over the entities table, with its parameters. */
export interface SearchCondition {
  readonly where: string;
  readonly parameters: readonly SqlValue[];
}

export const ALWAYS: SearchCondition = { where: '1', parameters: [] };
export const NEVER: SearchCondition = { where: '0', parameters: [] };

/** All or any of these. Those that must parse a row's document come last: SQLite then parses few. */
export function joinConditions(conditions: readonly SearchCondition[], by: 'AND' | 'OR'): SearchCondition {
  if (conditions.length === 0) return by === 'AND' ? ALWAYS : NEVER;
  const ordered = [
    ...conditions.filter((condition) => !readsDocument(condition)),
    ...conditions.filter((condition) => readsDocument(condition)),
  ];
  return {
    where: ordered.map((condition) => `(${condition.where})`).join(` ${by} `),
    parameters: ordered.flatMap((condition) => condition.parameters),
  };
}

function readsDocument(condition: SearchCondition): boolean {
  return condition.where.includes('document');
}

export function notCondition({ where, parameters }: SearchCondition): SearchCondition {
  return { where: `NOT coalesce((${where}), 0)`, parameters };
}

/** SQLite's GLOB pattern for one in which only `*` and `?` are special; other brackets are literal. */
export function globPattern(pattern: string): string {
  return pattern.replace(/\[/g, '[[]');
}
