import { readFileSync } from 'node:fs';

/** A fenced block of a page. */
export interface DocsBlock {
  /** The heading above it; from the second block under the same heading on with its number: `Schedules 2`. */
  readonly name: string;
  readonly text: string;
  readonly lines: readonly string[];
}

/** The fenced blocks of a language, in the order of the page. */
export function blocksOf(page: string, language: string): DocsBlock[] {
  const blocks: DocsBlock[] = [];
  const counts = new Map<string, number>();
  let heading = '';
  const parts = /^#+ (?<title>.+)$|^```(?<fence>\w*)\n(?<text>[\s\S]*?)^```$/gm;
  for (const { groups = {} } of readFileSync(page, 'utf8').matchAll(parts)) {
    heading = groups['title'] ?? heading;
    const { text } = groups;
    if (text === undefined || groups['fence'] !== language) continue;
    const count = (counts.get(heading) ?? 0) + 1;
    counts.set(heading, count);
    blocks.push({ name: count === 1 ? heading : `${heading} ${count}`, text, lines: text.trim().split('\n') });
  }
  return blocks;
}
