import { PermanentError } from '../errors/index.js';
import type { PartRecorder } from '../report/index.js';
import type { ContainerFinder, FoundContainer } from './container-finder.js';
import type { LogLine } from '../query-log/index.js';
import type { EdgeLine } from './staged-line.js';
import type { TableFinder } from './table-finder.js';

export type LoadLine = Extract<LogLine, { kind: 'load' }>;

/** Loads named in a chunk's tally. */
const NAMED = 5;

/**
 * Edges from containers to the tables loaded from them; tables that the catalog doesn't know; and loads whose location
 * isn't in any container, counted, the first few by name.
 * @param exact a table whose name differs by case is another one
 */
export async function loadEdges(
  loads: readonly LoadLine[],
  finder: Pick<TableFinder, 'findAll'>,
  containers: Pick<ContainerFinder, 'findAll'>,
  recorder: PartRecorder,
  exact = false
): Promise<{ lines: EdgeLine[]; missing: string[]; left: { count: number; named: string[] } }> {
  const held = await containersOf(loads, containers, recorder);
  const known = loads.filter((_, index) => (held[index] ?? []).length > 0);
  const sources = held.filter((found) => found.length > 0);
  const tables = await finder.findAll(known.map(({ to }) => ({ parts: to, exact })));
  const missing: string[] = [];
  const lines = known.flatMap(({ to }, index) => {
    const targets = tables[index] ?? [];
    if (targets.length === 0) missing.push(to.join('.'));
    return (sources[index] ?? []).flatMap((container) =>
      targets.map(({ id, fqn }): EdgeLine => ({
        kind: 'edge',
        from: { kind: 'entity', type: 'container', ...container },
        to: { kind: 'entity', fqn, id },
        columns: [],
        source: 'QueryLineage',
      }))
    );
  });
  const left = loads.filter((_, index) => (held[index] ?? []).length === 0);
  const named = left.slice(0, NAMED).map(({ location, to }) => `${location} into ${to.join('.')}`);
  return { lines, missing, left: { count: left.length, named } };
}

/** A catalog that can't be searched for containers only costs these edges. */
async function containersOf(
  loads: readonly LoadLine[],
  containers: Pick<ContainerFinder, 'findAll'>,
  recorder: PartRecorder
): Promise<readonly (readonly FoundContainer[])[]> {
  try {
    return await containers.findAll(loads.map(({ location }) => location));
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    recorder.warning('source', `Containers can't be looked up, so loads have no edge: ${error.describe()}`);
    return loads.map(() => []);
  }
}
