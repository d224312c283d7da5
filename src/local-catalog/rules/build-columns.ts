import { badRequest } from '../api-error.js';
import { checkColumnName, quotePart } from '../fqn.js';
import type { Json, JsonObject } from '../json-value.js';
import { numberOf, objectsOf, textOf } from '../json-value.js';
import { withUniqueLabels } from './check-labels.js';

const NEEDS_LENGTH: ReadonlySet<string> = new Set(['CHAR', 'VARCHAR', 'BINARY', 'VARBINARY']);

/**
 * Columns with their FQNs, checked: names well-formed and unique on their level, a length if the type needs one, an
 * element type for arrays.
 * @throws ApiError 400
 */
export function buildColumns(columns: Json | undefined, ownerFqn: string): JsonObject[] {
  const names = new Set<string>();
  return objectsOf(columns).map((column) => {
    const name = textOf(column['name']) ?? '';
    checkColumnName(name);
    if (names.has(name)) throw badRequest(`${ownerFqn} has two columns named ${name}`);
    names.add(name);
    checkType(column, name);
    const fullyQualifiedName = `${ownerFqn}.${quotePart(name)}`;
    const own = withUniqueLabels(column);
    if (own['children'] === undefined) return { ...own, fullyQualifiedName };
    return { ...own, fullyQualifiedName, children: buildColumns(own['children'], fullyQualifiedName) };
  });
}

function checkType(column: JsonObject, name: string): void {
  const type = textOf(column['dataType']) ?? '';
  if (NEEDS_LENGTH.has(type) && numberOf(column['dataLength']) === undefined) {
    throw badRequest(`Column ${name} of type ${type} needs a dataLength`);
  }
  if (type === 'ARRAY' && column['arrayDataType'] === undefined) {
    throw badRequest(`Column ${name} of type ARRAY needs an arrayDataType`);
  }
}
