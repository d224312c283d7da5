import { nameFilter } from '../../../src/filters/index.js';
import { LookUpCache, TableFinder, type FoundTable } from '../../../src/lineage/index.js';
import { ParserPool } from '../../../src/sql/index.js';
import { toLines, type SliceAddress } from '../../../src/staging/index.js';
import { dayOf, foldWindow, parseGroups, type RunLog } from '../../../src/usage/index.js';
import type { TextGroup } from '../../../src/usage/staged-line.js';
import type { MakeCase } from './killed-stage.js';
import { sharedCatalog } from './shared-catalog.js';

const NOW = Date.now();
const NEVER = new AbortController().signal;
const NO_USERS = { includes: [], excludes: [] };

const slice = (run: string, stage: string, name = '0'): SliceAddress => ({ run, stage, slice: name });

/** Twelve texts, of which each runs twice, read in one go; three of them fit into a chunk. Every fifth run failed. */
const queries: MakeCase = async (_store, run) => {
  let held = Array.from({ length: 24 }, (_, row) => ({ row, text: `SELECT ${'x'.repeat(170_000)}${row % 12} FROM t` }));
  const source: RunLog = {
    async *read(_window, _options, after) {
      for (const { row, text } of held) {
        if (row <= Number(after?.['row'] ?? -1)) continue;
        const record = { kind: 'query', text, startedAt: NOW, user: `u${row}`, aborted: row % 5 === 4 } as const;
        yield { record, cursor: { row } };
      }
    },
  };
  const to = slice(run, 'queries');
  return {
    to,
    attempt: (attempt) =>
      foldWindow({
        ...attempt,
        source: async () => source,
        ...{ window: { from: 0, to: NOW, log: 'l' }, options: { resultLimit: 0, users: NO_USERS }, to },
        ...{ dialect: 'mysql', now: NOW, onSpill: () => undefined },
        run: (n) => slice(run, 'query-runs', `0-${n}`),
        users: nameFilter('usage', NO_USERS),
      }),
    vanish: (line) => {
      const { text } = JSON.parse(line) as TextGroup;
      // What failed stays: it is told in the end of what is read then.
      held = held.filter((record) => record.text !== text || record.row % 5 === 4);
    },
  };
};

/** Reads, a join, a write, a text that counts for no table and one that names an unknown one. */
const parsed: MakeCase = async (store, run) => {
  const om = await sharedCatalog();
  const pool = new ParserPool({ threads: 1 });
  const day = dayOf(NOW);
  const groups = [
    'SELECT x FROM a',
    'SELECT a.x FROM a JOIN b ON a.id = b.id',
    'SELECT 1',
    'INSERT INTO c SELECT id, x FROM b',
    'SELECT x FROM gone',
    'DELETE FROM c WHERE id = 1',
  ].map((text, n): TextGroup => ({
    ...{ text, masked: text, database: 'default', schema: 'shop' },
    days: [{ day, runs: 1 + n, timed: 1, durationMs: n, priced: 0, cost: 0 }],
    users: [[`user${n}`]],
    newest: { at: day + n },
  }));
  const [from, to] = [slice(run, 'queries'), slice(run, 'parsed')];
  for (let n = 0; n < 3; n += 1)
    await store.commit(from, { n, lines: toLines(groups.slice(2 * n, 2 * n + 2)), last: n === 2 });
  return {
    to,
    attempt: (attempt) =>
      parseGroups({
        ...attempt,
        ...{ pool, dialect: 'mysql', signal: NEVER, from, to },
        finder: new TableFinder(
          om.client,
          ['s'],
          { dialect: 'mysql', folding: 'as-written' },
          NEVER,
          new LookUpCache<FoundTable>()
        ),
      }),
    close: () => pool.close(),
  };
};

export const usageLog = { 'queries of usage': queries, 'parsed of usage': parsed } satisfies Record<string, MakeCase>;
