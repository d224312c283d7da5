import type { LineageOptions, LineageTable } from '../query-lineage.js';
import { Script, type ScriptLineage } from './script.js';
import { shown } from './shown-tables.js';
import { CREATIONS, flat, STORED } from './statement-kinds.js';
import { joinsOf } from './shown-columns.js';
import type { StatementLineage } from './statement-lineage.js';

/** Combines the statements of one SQL text. */
export function mergeStatements(
  statements: readonly StatementLineage[],
  { without, countsAside }: Pick<LineageOptions, 'without' | 'countsAside'>
): ScriptLineage {
  const countedOf = (all: readonly StatementLineage[]): readonly StatementLineage[] =>
    all
      .filter((one) => !isLeftOut(one, all))
      .map((one) => (one.body === undefined ? one : { ...one, body: countedOf(one.body) }));
  const isLeftOut = (one: StatementLineage, all: readonly StatementLineage[]): boolean => {
    if (one.isCache === true) return countsAside !== true && !isReadAfter(one, all);
    return without === 'stored' ? STORED.has(one.kind) : without === 'procedures' && one.kind === 'procedure';
  };
  const counted = countedOf(statements);
  const script = new Script();
  for (const statement of counted) script.add(statement);
  return { ...script.result(), changed: changedBy(flat(counted)), joins: joinsOf(script.joins) };
}

/** What a CACHE keeps is read further on. */
function isReadAfter(cache: StatementLineage, statements: readonly StatementLineage[]): boolean {
  const keys = new Set(cache.writes.map(({ key }) => key));
  const later = statements.slice(statements.indexOf(cache) + 1);
  return keys.size > 0 && later.some(({ reads }) => reads.some(({ key }) => keys.has(key)));
}

function changedBy(statements: readonly StatementLineage[]): LineageTable[] {
  const changed = new Map<string, LineageTable>();
  // Of a table that has got its name here nothing is known: `RENAME TABLE t TO o, n TO t; DROP TABLE o`.
  const named = new Set<string>();
  const dropped = new Set<string>();
  for (const { kind, writes, changes = [], drops = [], renames = [] } of statements) {
    for (const { key } of changes) dropped.delete(key);
    for (const { key } of drops) if (!changed.has(key)) dropped.add(key);
    // `DROP TABLE IF EXISTS t; CREATE TEMP TABLE t` means the session's own.
    for (const { hides = '' } of writes) if (CREATIONS.has(kind) && dropped.has(hides)) changed.delete(hides);
    for (const table of [...changes, ...drops.filter(({ key }) => !named.has(key))])
      if (table.kind === 'table' && table.temporary !== true && !changed.has(table.key))
        changed.set(table.key, shown(table));
    for (const { to } of renames) named.add(to.key);
  }
  for (const { kind, writes } of statements)
    for (const { key, temporary } of writes) if (CREATIONS.has(kind) || temporary === true) changed.delete(key);
  return [...changed.values()];
}
