import { countWords } from '../../contract/count-words.js';
import type { ExplainedRun, Explanation } from '../../contract/explanation.js';
import type { JournalLine } from '../../contract/journal.js';
import { KINDS, KIND_NAMES, type WorkflowKind } from '../../contract/kinds.js';
import { beginning, harmlessLine } from '../../errors/index.js';
import type { RecipeView } from '../explain-recipe.js';

/** Characters of a statement that are shown. */
const SQL_CHARS = 300;
const WIDTH = Math.max(...KIND_NAMES.map((kind) => KINDS[kind].title.length)) + 2;

/** An explanation for people: a paragraph per source of knowledge. */
export function explanationText({ fqn, store, runs, nearest }: Explanation, view?: RecipeView): string {
  const lines = [nearest === undefined ? fqn : `${fqn}: no run has met it. Did you mean ${nearest}?`];
  if (view?.filters !== undefined) lines.push(labelled('recipe', view.filters));
  if (view !== undefined) lines.push(labelled('catalog', view.catalog));
  const seen = lastSeen(fqn, runs);
  if (seen !== undefined) lines.push(labelled('last seen', seen));
  for (const kind of KIND_NAMES) {
    const ofKind = runs.filter((run) => run.kind === kind);
    if (ofKind.length > 0) lines.push(...kindLines(kind, fqn, ofKind));
  }
  if (runs.length === 0)
    lines.push(
      labelled(
        'runs',
        `no journal in the staging store ${store}: no run of this service has ended with it, or it ran on a worker with another store`
      )
    );
  return lines.map(harmlessLine).join('\n');
}

/** Outcomes for what the source didn't show. */
const UNSEEN: readonly JournalLine['outcome'][] = ['gone', 'deleted', 'held back'];

/** When the source last showed it, as far as the kept journals know. */
function lastSeen(fqn: string, runs: readonly ExplainedRun[]): string | undefined {
  const metadata = runs.filter(({ kind }) => kind === 'metadata');
  const saw = ({ lines }: ExplainedRun): boolean =>
    lines.some((line) => line.fqn === fqn && !UNSEEN.includes(line.outcome));
  const found = metadata.find(saw);
  if (found === undefined) {
    const told = metadata.some(({ lines }) => lines.length > 0);
    return told
      ? `before the last ${metadata.length === 1 ? 'metadata run' : `${metadata.length} metadata runs`}`
      : undefined;
  }
  const since = metadata.indexOf(found);
  const when = new Date(found.startedAt).toISOString();
  return `${when}${since === 0 ? '' : `, not in the ${since === 1 ? 'run' : `${since} runs`} after it`}`;
}

function kindLines(kind: WorkflowKind, fqn: string, runs: readonly ExplainedRun[]): string[] {
  if (runs.every((run) => run.lines.length === 0)) {
    const last = runs.length === 1 ? 'the last run' : `the last ${runs.length} runs`;
    return [labelled(KINDS[kind].title, `not met in ${last}`)];
  }
  const lines: string[] = [];
  for (const [index, run] of runs.entries()) {
    const when = `${new Date(run.startedAt).toISOString()}  ${run.run}`;
    lines.push(labelled(index === 0 ? KINDS[kind].title : '', when));
    // what earlier runs did is kept short: the newest counts
    const shown = index === 0 ? run.lines : run.lines.slice(0, 1);
    if (run.lines.length === 0) lines.push(indented('not met'));
    for (const line of shown) lines.push(...lineTexts(fqn, line));
    const rest = moreText(run, run.lines.slice(shown.length));
    if (rest !== undefined) lines.push(indented(rest));
  }
  return lines;
}

function moreText(run: ExplainedRun, hidden: readonly JournalLine[]): string | undefined {
  const hiddenTexts = hidden.filter(({ uses }) => uses !== undefined).length;
  const texts = (run.moreTexts ?? 0) + hiddenTexts;
  const others = run.more + hidden.length - hiddenTexts;
  const isOfDays = run.lines.some(({ count }) => count !== undefined);
  const parts = [
    ...(others === 0 ? [] : [isOfDays ? countWords(others, 'more day', 'more days') : `${others} more`]),
    ...(texts === 0 ? [] : [countWords(texts, 'more text', 'more texts')]),
  ];
  return parts.length === 0 ? undefined : `and ${parts.join(' and ')}`;
}

function lineTexts(fqn: string, line: JournalLine): string[] {
  const { fqn: of, outcome, reason, from, sql, date, count, uses: byDay } = line;
  if (byDay !== undefined) {
    const days = byDay.map((use) => `${use.count} on ${use.date}`).join(', ');
    return [indented(`  ${days} by ${sql === undefined ? "a text that can't be shown" : shortSql(sql)}`)];
  }
  const edge = from === undefined ? undefined : from === fqn ? `edge to ${of}` : `edge from ${from}`;
  const uses = count === undefined ? undefined : `${count === 1 ? '1 use' : `${count} uses`} on ${date ?? ''}`;
  const what = edge ?? uses ?? (of === fqn ? undefined : of);
  const head = [what, outcome].filter((part) => part !== undefined).join(': ');
  const lines = [indented(reason === undefined ? head : `${head}: ${reason}`)];
  if (sql !== undefined) lines.push(indented(`  by ${shortSql(sql)}`));
  return lines;
}

function shortSql(sql: string): string {
  const text = sql.replace(/\s+/g, ' ').trim();
  return text.length > SQL_CHARS ? `${beginning(text, SQL_CHARS)}…` : text;
}

function labelled(label: string, text: string): string {
  return `  ${label.padEnd(WIDTH)}${text}`;
}

function indented(text: string): string {
  return labelled('', `  ${text}`);
}
