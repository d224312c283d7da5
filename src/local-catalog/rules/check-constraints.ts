import { badRequest } from '../api-error.js';
import { normaliseFqn, parentOf } from '../fqn.js';
import type { JsonObject } from '../json-value.js';
import { objectsOf, textOf, textsOf } from '../json-value.js';
import { columnFqns, type Lookup } from '../writing/lookup.js';

/**
 * A table's constraints must name its own columns; foreign keys must refer to columns of tables that exist, its own
 * ones included.
 * @throws ApiError 400
 */
export function checkConstraints(table: JsonObject, tableFqn: string, lookup: Lookup): void {
  const constraints = objectsOf(table['tableConstraints']);
  if (constraints.length === 0) return;
  const names = new Set(objectsOf(table['columns']).map((column) => textOf(column['name'])));
  for (const constraint of constraints) {
    const unknown = textsOf(constraint['columns']).find((column) => !names.has(column));
    if (unknown !== undefined)
      throw badRequest(`A constraint of ${tableFqn} names the column ${unknown}, which the table does not have`);
    for (const referred of textsOf(constraint['referredColumns'])) checkReferred(referred, table, tableFqn, lookup);
  }
}

function checkReferred(referred: string, table: JsonObject, tableFqn: string, lookup: Lookup): void {
  const column = normaliseFqn(referred);
  if (column.startsWith(`${tableFqn}.`) && columnFqns(table['columns']).has(column)) return;
  for (let owner = parentOf(column); owner !== undefined; owner = parentOf(owner)) {
    if (lookup.columnsOf(owner).has(column)) return;
  }
  throw badRequest(`A constraint of ${tableFqn} refers to ${referred}, which isn't a column of a known table`);
}
