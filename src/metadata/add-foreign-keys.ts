import { LRUCache } from 'lru-cache';
import { PermanentError } from '../errors/index.js';
import type { TableConstraint } from '../openmetadata/index.js';
import type { PartRecorder } from '../report/index.js';
import { toLines, transformStage, wholeSlices, type SliceAddress, type StageRun } from '../staging/index.js';
import type { Catalog } from './catalog.js';
import { resolveColumns, type ForeignKeyConstraint } from './constraints.js';
import { reasonText } from './reason-text.js';
import { deferredLine, type DeferredLine, type LostKeyLine } from './staged-record.js';

export interface AddForeignKeysInput extends StageRun {
  readonly catalog: Catalog;
  /** Slices of published units, which have deferred lines. */
  readonly from: readonly SliceAddress[];
  readonly to: SliceAddress;
  readonly recorder: PartRecorder;
}

/** Referred tables whose columns are remembered at once. */
const REMEMBERED = 1_000;

/**
 * Adds the foreign keys that had to wait, because their table came later or because the catalog refused them with it.
 * Referred columns are sent as the catalog spells them; keys to a table or column that it lacks are left out with a
 * note, and the next run tries again. A refused key is a failure of its table and affects no other. Repeatable: keys
 * are merged. What didn't arrive is staged, for the journal.
 */
export async function addForeignKeys(input: AddForeignKeysInput): Promise<void> {
  const { catalog, store, from, to, recorder } = input;
  const known = new LRUCache<string, { readonly columns: readonly string[] | undefined }>({ max: REMEMBERED });
  const columnsOf = async (tableFqn: string): Promise<readonly string[] | undefined> => {
    const before = known.get(tableFqn);
    if (before !== undefined) return before.columns;
    const columns = await catalog.columns(tableFqn);
    known.set(tableFqn, { columns });
    return columns;
  };
  const lost: LostKeyLine[] = [];
  const resolve = async (tableFqn: string, key: ForeignKeyConstraint): Promise<TableConstraint[]> => {
    const columns = await columnsOf(key.referredTable);
    const resolved = columns === undefined ? undefined : resolveColumns(key, columns);
    if (resolved !== undefined && 'constraint' in resolved) return [resolved.constraint];
    const lacking =
      resolved === undefined
        ? `${key.referredTable} is not`
        : `column ${resolved.missing} of ${key.referredTable} is not`;
    const reason = `a foreign key was left out, since ${lacking} in the catalog`;
    recorder.note(`${tableFqn}: ${reason}`);
    lost.push({ fqn: tableFqn, reason });
    return [];
  };
  const send = async (
    tableFqn: string,
    constraints: readonly TableConstraint[],
    hash: string | undefined
  ): Promise<void> => {
    try {
      if (await catalog.addConstraints(tableFqn, constraints, hash)) recorder.count('sink', { updated: 1 });
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      if (constraints.length > 1) {
        for (const each of constraints) await send(tableFqn, [each], undefined);
        return;
      }
      const columns = constraints[0]?.columns?.join(', ') ?? '';
      const reason = `The foreign key on ${columns} was refused: ${error.describe()}`;
      recorder.failure('sink', tableFqn, reason);
      lost.push({ fqn: tableFqn, reason: reasonText(reason) });
    }
  };
  const add = async ({ tableFqn, foreignKeys, sourceHash }: DeferredLine): Promise<void> => {
    const ready: TableConstraint[] = [];
    for (const key of foreignKeys) ready.push(...(await resolve(tableFqn, key)));
    if (ready.length > 0) await send(tableFqn, ready, ready.length === foreignKeys.length ? sourceHash : undefined);
  };
  const published = await Promise.all(from.map((slice) => store.manifest(slice)));
  await transformStage(input, {
    from: wholeSlices(published.map((entries) => entries.filter(({ chunk }) => chunk !== undefined))),
    to,
    parse: (line) => deferredLine.parse(JSON.parse(line.toString())),
    work: async ({ records }) => {
      lost.length = 0;
      for (const line of records) await add(line);
      return { lines: toLines(lost) };
    },
  });
}
