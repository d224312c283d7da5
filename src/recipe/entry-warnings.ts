import { beginning } from '../errors/index.js';
import { quoteName, trySplitFqn } from '../openmetadata/index.js';
import type { Findings } from './findings.js';
import { placedEntries } from './kinds/index.js';
import type { Recipe } from './recipe-model.js';
import { dotted } from './recipe-path.js';

/** Warns about a profiler's entries that have no effect, and about partitions that hardly have a row. */
export function warnOfEntries(recipe: Recipe, findings: Findings): void {
  if (recipe.kind !== 'profiler') return;
  const config = recipe.processor?.config ?? {};
  const { serviceName } = recipe.source;
  const first = new Map<string, string>();
  for (const { key, path, fqn } of placedEntries(config)) {
    const id = [key, ...(trySplitFqn(fqn) ?? [fqn])].join('\0');
    const before = first.get(id);
    if (before === undefined) first.set(id, dotted(path));
    else
      findings.warning(
        path,
        `has no effect: \`${beginning(fqn, 200)}\` has an entry before this one, and the first counts (${before}). Put both into one.`
      );
    const [service = serviceName] = trySplitFqn(fqn) ?? [];
    if (service === serviceName) continue;
    findings.warning(
      path,
      `has no effect: found an entry of the service \`${service}\`, but source.serviceName is \`${serviceName}\`. Write \`${quoteName(serviceName)}\` as its first name if that is meant.`
    );
  }
  for (const [index, { partitionConfig }] of (config.tableConfig ?? []).entries()) {
    if (partitionConfig === undefined || partitionConfig.enablePartitioning === false) continue;
    const { partitionColumnName: column, partitionIntervalType: type, partitionInterval: interval } = partitionConfig;
    const path = ['processor', 'config', 'tableConfig', index, 'partitionConfig'];
    if (type === undefined && column === undefined)
      findings.warning(
        path,
        'has no effect: it names no partitionColumnName and no partitionIntervalType, so that all rows are measured.'
      );
    if (interval === 0 && (type === 'TIME-UNIT' || type === 'INGESTION-TIME'))
      findings.warning(
        [...path, 'partitionInterval'],
        "found 0: the partition begins at the run's own time, when a table has hardly a row. Write 1 or more, which counts back from it."
      );
  }
}
