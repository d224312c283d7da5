import type { JournalLine } from '../contract/journal.js';
import type { PartReport } from '../report/index.js';
import type { ManifestEntry, SliceAddress, StagingStore } from '../staging/index.js';
import { DeletionBudget } from './deletion-budget.js';
import { decision, deletionLine, type GoneLine } from './staged-deletion.js';

/** What the deletion stage marked, and what it held back and why; includes runs that ended before all was marked. */
export async function* deletionJournal(
  store: StagingStore,
  deleted: readonly SliceAddress[]
): AsyncGenerator<JournalLine> {
  const gone: GoneLine[] = [];
  const marked = new Set<string>();
  let budget: DeletionBudget | undefined;
  let guard = 'the run ended before it decided what may be marked';
  for (const entry of await entriesOf(store, deleted)) {
    const decided = decision.safeParse(entry.position);
    if (decided.success) {
      budget = new DeletionBudget(decided.data.allowed);
      // Facts are written by this program's own stages.
      guard = (entry.facts as PartReport).reasons?.[0]?.error ?? guard;
    }
    for (const value of await store.read(entry)) {
      const line = deletionLine.parse(value);
      if (line.kind === 'marked') marked.add(line.fqn);
      else if (line.kind === 'held') yield { fqn: line.fqn, outcome: 'held back', reason: line.reason };
      else gone.push(line);
    }
  }
  for (const line of gone) {
    const isAllowed = budget?.take(line) === true;
    if (marked.has(line.fqn)) yield { fqn: line.fqn, outcome: 'deleted' };
    else yield { fqn: line.fqn, outcome: 'held back', reason: isAllowed ? NOT_MARKED : guard };
  }
}

async function entriesOf(store: StagingStore, slices: readonly SliceAddress[]): Promise<ManifestEntry[]> {
  const entries: ManifestEntry[] = [];
  for (const slice of slices) entries.push(...(await store.manifest(slice)));
  return entries;
}

const NOT_MARKED =
  'it was to be marked, but the run ended before that, OpenMetadata refused it, or a last look no longer proved it gone';
