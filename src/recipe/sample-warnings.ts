import type { Source } from '../sources/index.js';
import { placesOf } from './effect-rules.js';
import type { Findings } from './findings.js';
import { isMapping, valueAt } from './recipe-path.js';

/**
 * Warns about samples of no row, of more than all rows, and of more than the source takes. OpenMetadata takes any
 * number, so that such a recipe is accepted.
 */
export function warnOfSampleSizes(recipe: unknown, source: Source | undefined, findings: Findings): void {
  if (!isMapping(recipe)) return;
  const places = [
    ['source', 'sourceConfig', 'config'],
    ['processor', 'config'],
  ].flatMap((under) => placesOf({ under, keys: ['profileSample'], deep: true }, recipe));
  for (const path of places) {
    const size = valueAt(recipe, path);
    if (typeof size !== 'number') continue;
    const said =
      valueAt(recipe, [...path.slice(0, -1), 'profileSampleType']) === 'ROWS' ? ofRows(size, source) : ofAll(size);
    if (said !== undefined) findings.warning(path, said);
  }
}

function ofAll(percent: number): string | undefined {
  if (percent === 0)
    return 'found 0 (PERCENTAGE): no row is measured, and columns get no values. Allowed: above 0, up to 100. Leave it out for all rows.';
  if (percent > 100)
    return `found ${percent} (PERCENTAGE): all rows are measured, as with 100. Allowed: above 0, up to 100. Write \`profileSampleType: ROWS\` if ${percent} rows are meant.`;
  return undefined;
}

function ofRows(rows: number, source: Source | undefined): string | undefined {
  const most = source?.mostSampleRows;
  if (most !== undefined && rows > most)
    return `found ${rows} (ROWS): ${source?.serviceType} samples ${most} rows at most, and so many are measured. Allowed: 1 to ${most}. Write \`profileSampleType: PERCENTAGE\` for a larger part.`;
  if (rows >= 1)
    return Number.isInteger(rows)
      ? undefined
      : `found ${rows} (ROWS): ${Math.round(rows)} ${Math.round(rows) === 1 ? 'row is' : 'rows are'} measured. Allowed: whole numbers from 1. Write \`profileSampleType: PERCENTAGE\` if ${rows} % are meant.`;
  const taken = Math.round(rows) === 0 ? 'no row is measured, and columns get no values' : 'one row is measured';
  return `found ${rows} (ROWS): ${taken}. Allowed: 1 or more. Leave it out for all rows${rows > 0 ? `, or write \`profileSampleType: PERCENTAGE\` if ${rows} % are meant` : ''}.`;
}
