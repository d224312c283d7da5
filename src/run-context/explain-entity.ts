import { z } from 'zod';
import type { ExplainedRun, Explanation } from '../contract/explanation.js';
import { JOURNAL, JOURNAL_OUTCOMES, tableJournal, type JournalLine } from '../contract/journal.js';
import { factsOf, KIND_NAMES, type WorkflowKind } from '../contract/kinds.js';
import { buildFqn, splitFqn } from '../openmetadata/index.js';
import type { StateEntry, StagingStore } from '../staging/index.js';
import { nearestName } from './nearest-name.js';
import { TextUses } from './text-uses.js';

/** Lines reported per run; a hub of the lineage has thousands. */
const MOST_LINES = 20;
/** Statements reported per run for a table's uses. */
const MOST_TEXTS = 5;
/** Lines between two signs of life. */
const LINES = 10_000;

const journalLine = z.object({
  fqn: z.string(),
  outcome: z.enum(JOURNAL_OUTCOMES),
  reason: z.exactOptional(z.string()),
  from: z.exactOptional(z.string()),
  sql: z.exactOptional(z.string()),
  date: z.exactOptional(z.string()),
  count: z.exactOptional(z.number()),
  uses: z.exactOptional(z.array(z.object({ date: z.string(), count: z.number() }))),
});

/**
 * Gathers what the kept journals of an entity's service have about it: its own lines, edges that begin at it, and a
 * table's test cases. If there is nothing, the nearest name from the last metadata run.
 * @throws PermanentError for text that isn't an FQN
 */
export async function explainEntity(store: StagingStore, fqn: string, onProgress: () => void): Promise<Explanation> {
  const [service = ''] = splitFqn(fqn);
  const asked = buildFqn(...(splitFqn(fqn) as [string, ...string[]]));
  const runs: ExplainedRun[] = [];
  for (const kind of KIND_NAMES)
    for await (const entry of store.state.history({ service, kind, name: journalOf(kind, asked) }))
      runs.push(await explainRun(kind, asked, entry, onProgress));
  const nearest = runs.some(({ lines }) => lines.length > 0) ? undefined : await nearestName(store, asked, onProgress);
  return { fqn: asked, store: store.id, runs, ...(nearest === undefined ? {} : { nearest }) };
}

/** Number of parts in a table's FQN. */
const TABLE_PARTS = 4;

/** For a table and what is below it, the tests' journal is the table's own. */
function journalOf(kind: WorkflowKind, fqn: string): string {
  const [first, ...rest] = splitFqn(fqn).slice(0, TABLE_PARTS);
  if (factsOf(kind).journalPerTable !== true || first === undefined || rest.length + 1 < TABLE_PARTS) return JOURNAL;
  return tableJournal(buildFqn(first, ...rest));
}

async function explainRun(
  kind: WorkflowKind,
  fqn: string,
  { run, startedAt, lines: journal }: StateEntry,
  onProgress: () => void
): Promise<ExplainedRun> {
  const lines: JournalLine[] = [];
  const texts = new TextUses();
  // cheaper than parsing: most lines are about other entities
  const part = JSON.stringify(fqn).slice(1, -1);
  let more = 0;
  let read = 0;
  for await (const text of journal) {
    read += 1;
    if (read % LINES === 0) onProgress();
    if (!text.includes(part)) continue;
    const line = journalLine.parse(JSON.parse(text));
    if (!isAbout(kind, line, fqn)) continue;
    if (line.uses !== undefined) texts.add(line);
    else if (lines.length < MOST_LINES) lines.push(line);
    else more += 1;
  }
  const most = texts.most(MOST_TEXTS);
  const moreTexts = most.more === 0 ? {} : { moreTexts: most.more };
  return { kind, run, startedAt, lines: [...lines, ...most.lines], more, ...moreTexts };
}

function isAbout(kind: WorkflowKind, line: JournalLine, fqn: string): boolean {
  if (line.fqn === fqn || line.from === fqn) return true;
  return factsOf(kind).journalPerTable === true && line.fqn.startsWith(`${fqn}.`);
}
