import { PermanentError } from '../errors/index.js';
import { mapLimited } from '../openmetadata/index.js';
import type { PartRecorder } from '../report/index.js';
import type { SourceEntity } from '../sources/index.js';
import type { Catalog } from './catalog.js';
import { sourceNames } from './find-gone.js';
import type { GoneLine } from './staged-deletion.js';
import type { VisibilityGate } from './visibility-gate.js';

/** Entities marked at once. */
const AT_ONCE = 4;

export interface MarkGoneInput {
  readonly catalog: Catalog;
  readonly recorder: PartRecorder;
  /** In this attempt: the source is asked once more just before anything is marked. */
  readonly gate: VisibilityGate;
}

const ENTITY = {
  databases: 'database',
  databaseSchemas: 'schema',
  tables: 'table',
  storedProcedures: 'procedure',
} as const satisfies Record<GoneLine['kind'], SourceEntity>;

/**
 * Marks exactly these, one by one by their ids. One that is no longer live was marked by an attempt that died, and
 * counts. What the catalog refuses is a failure of its entity.
 * @returns FQNs of what is now marked
 */
export async function markGone(input: MarkGoneInput, lines: readonly GoneLine[]): Promise<string[]> {
  const done: string[] = [];
  for (const group of groups(lines)) {
    const [first] = group;
    if (first === undefined) continue;
    const { database, schema } = first;
    const scope = {
      ...(database === undefined ? {} : { database }),
      ...(schema === undefined ? {} : { schema }),
    };
    const names = group.flatMap(({ fqn }) => sourceNames(fqn));
    const gone = new Set(await input.gate.gone(scope, ENTITY[first.kind], names));
    const marked = group.filter(({ fqn }) => sourceNames(fqn).every((name) => gone.has(name)));
    const outcomes = await mapLimited(marked, AT_ONCE, (line) => mark(input, line));
    done.push(...marked.flatMap(({ fqn }, index) => (outcomes[index] === true ? [fqn] : [])));
  }
  return done;
}

async function mark({ catalog, recorder }: MarkGoneInput, { kind, fqn }: GoneLine): Promise<boolean> {
  try {
    await catalog.markDeleted(kind, fqn);
    recorder.count('sink', { deleted: 1 });
    return true;
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    recorder.failure('sink', fqn, error.describe());
    return false;
  }
}

/** Neighbours of one kind and scope. */
function groups(lines: readonly GoneLine[]): GoneLine[][] {
  const found: GoneLine[][] = [];
  for (const line of lines) {
    const group = found.at(-1);
    const last = group?.at(-1);
    if (last?.kind === line.kind && last.database === line.database && last.schema === line.schema) group?.push(line);
    else found.push([line]);
  }
  return found;
}
