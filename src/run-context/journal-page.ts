import type { JournalPage, JournalPageInput } from '../contract/journal.js';
import type { StagingStore } from '../staging/index.js';

/** Characters that fit well into one answer of a workflow. */
const PAGE_CHARS = 500_000;
/** Lines between two signs of life. */
const LINES = 10_000;

/**
 * Some lines of a run's journal, as many as fit into an answer; undefined when it isn't kept here (any more).
 * @throws TransientError of the store
 */
export async function journalPage(
  store: StagingStore,
  { service, kind, name, run, from }: JournalPageInput,
  onProgress: () => void
): Promise<JournalPage | undefined> {
  for await (const entry of store.state.history({ service, kind, name })) {
    if (entry.run !== run) continue;
    const lines: string[] = [];
    let at = 0;
    let chars = 0;
    for await (const line of entry.lines) {
      at += 1;
      if (at % LINES === 0) onProgress();
      if (at <= from) continue;
      if (lines.length > 0 && chars + line.length > PAGE_CHARS) return { lines, next: at - 1 };
      lines.push(line);
      chars += line.length;
    }
    return { lines };
  }
  return undefined;
}
