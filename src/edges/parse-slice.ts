import type { PartRecorder, PartReport } from '../report/index.js';
import type { ManifestEntry, SliceAddress, StagingStore } from '../staging/index.js';
import { parseTexts, type ParseContext, type Text } from './parse-texts.js';
import { logLine, viewLine, type EdgeLine, type LogLine, type ParsedLine, type ViewLine } from './staged-line.js';
import { placeOf, type FoundTable, type TableFinder } from './table-finder.js';

/** Names of unknown tables in one chunk's share of the report. */
const NAMED_UNKNOWN = 5;

export interface ParseSliceInput extends ParseContext {
  readonly store: StagingStore;
  readonly from: SliceAddress;
  readonly to: SliceAddress;
  readonly lines: 'views' | 'log';
  /** Keep edges with an end the catalog does not know: for enableTempTableLineage. */
  readonly keepUnknown: boolean;
  readonly isSelected: (fromFqn: string, toFqn: string) => boolean;
  readonly recorder: PartRecorder;
  readonly takeFacts: () => PartReport;
  readonly onCommit: (entry: ManifestEntry) => void;
}

/** Parses a slice chunk by chunk, one manifest entry each: a retry goes on behind the last parsed chunk. */
export async function parseSlice(input: ParseSliceInput): Promise<void> {
  const { store, from, to } = input;
  const chunks = await store.manifest(from);
  const done = (await store.manifest(to)).length;
  for (const [n, chunk] of chunks.entries()) {
    if (n < done) continue;
    const lines = await parseChunk(input, chunk);
    const entry = await store.commit(to, {
      n,
      ...(lines.length === 0 ? {} : { lines: lines.map((line) => JSON.stringify(line)) }),
      facts: input.takeFacts(),
      last: n === chunks.length - 1,
    });
    input.onCommit(entry);
  }
}

async function parseChunk(input: ParseSliceInput, chunk: ManifestEntry): Promise<ParsedLine[]> {
  const { store, finder, recorder } = input;
  const parsed: ParsedLine[] = [];
  const texts: Text[] = [];
  for await (const value of store.read(chunk)) {
    if (input.lines === 'views') {
      const view = viewLine.parse(value);
      const text = await viewText(view, finder);
      if (text === undefined) recorder.failure('source', view.fqn, 'The view is not in the catalog any more.');
      else texts.push(text);
    } else {
      const line = logLine.parse(value);
      if (line.kind === 'query')
        texts.push({ ...line, sql: line.text, procedureFqn: finder.procedureFqn(line.procedure) });
      else parsed.push(...(await knownEdges(line, finder)));
    }
  }
  const unknown = new Map<string, number>();
  for (const [index, text] of (await parseTexts(texts, input)).entries()) {
    parsed.push(...text.edges);
    if (text.query !== undefined) parsed.push(text.query);
    const view = texts[index]?.view;
    if (view !== undefined && text.edges.length > 0 && text.unknown.length === 0)
      parsed.push({ kind: 'view', id: view.id, fqn: view.fqn });
    for (const name of text.unknown) unknown.set(name, (unknown.get(name) ?? 0) + 1);
    if (text.poisoned !== undefined) {
      const entity = view?.fqn ?? (texts[index]?.sql ?? '').slice(0, 120);
      recorder.warning('source', `A text was not parsed to its end (${text.poisoned}): ${entity}`);
    }
  }
  reportUnknown(unknown, recorder);
  return foldEdges(parsed, input);
}

async function viewText({ fqn, definition }: ViewLine, finder: TableFinder): Promise<Text | undefined> {
  const view = await finder.byFqn(fqn);
  return view === undefined ? undefined : { sql: definition, ...placeOf(fqn), view };
}

/** Edges the source knows by itself: only those between tables of the catalog. */
async function knownEdges(line: Extract<LogLine, { kind: 'edge' }>, finder: TableFinder): Promise<EdgeLine[]> {
  const [from, to] = await Promise.all(
    [line.from, line.to].map(([database, schema, table]) => finder.find({ database, schema, table }))
  );
  const { text, startedAt } = line;
  const procedureFqn = finder.procedureFqn(line.procedure);
  return (from ?? []).flatMap((left) =>
    (to ?? [])
      .filter((right) => right.id !== left.id)
      .map((right): EdgeLine => ({
        kind: 'edge',
        from: { kind: 'entity', fqn: left.fqn, id: left.id },
        to: { kind: 'entity', fqn: right.fqn, id: right.id },
        columns: line.columns.flatMap(([source, target]) => linkOf(left, source, right, target)),
        source: 'QueryLineage',
        ...(text === undefined ? {} : { sql: text }),
        ...(startedAt === undefined ? {} : { startedAt }),
        ...(procedureFqn === undefined ? {} : { procedureFqn }),
      }))
  );
}

function linkOf(left: FoundTable, source: string, right: FoundTable, target: string): [string, string][] {
  const [from, to] = [left.columns.get(source.toLowerCase()), right.columns.get(target.toLowerCase())];
  return from === undefined || to === undefined ? [] : [[from, to]];
}

function reportUnknown(unknown: ReadonlyMap<string, number>, recorder: PartRecorder): void {
  const total = [...unknown.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return;
  recorder.count('source', { filtered: total });
  const most = [...unknown].sort((left, right) => right[1] - left[1]).slice(0, NAMED_UNKNOWN);
  for (const [name] of most) recorder.note(`Not in the catalog, so no edge from or to it: ${name}`);
}

/** One line an edge of the chunk and one a text: logs repeat themselves. */
function foldEdges(lines: readonly ParsedLine[], { keepUnknown, isSelected, recorder }: ParseSliceInput): ParsedLine[] {
  const folded = new Map<string, ParsedLine>();
  for (const line of lines) {
    if (line.kind === 'view') {
      folded.set(`view ${line.id}`, line);
      continue;
    }
    if (line.kind === 'query') {
      const key = `query ${line.text}`;
      const known = folded.get(key);
      folded.set(
        key,
        known?.kind === 'query' ? { ...line, tables: [...new Set([...known.tables, ...line.tables])].sort() } : line
      );
      continue;
    }
    const { from, to } = line;
    if (from.kind === 'entity' && to.kind === 'entity' && !isSelected(from.fqn, to.fqn)) {
      recorder.count('source', { filtered: 1 });
      continue;
    }
    if (!keepUnknown && (from.kind === 'unknown' || to.kind === 'unknown')) continue;
    const key = JSON.stringify([line.source, line.procedureFqn, from, to]);
    const known = folded.get(key);
    folded.set(key, known?.kind === 'edge' ? uniteEdges(known, line) : line);
  }
  return [...folded.values()];
}

/** Columns of both; the text of the later one (of equal times the one that sorts last, so that the order of reading does not matter). */
export function uniteEdges(left: EdgeLine, right: EdgeLine): EdgeLine {
  const columns = [...new Map([...left.columns, ...right.columns].map((link) => [link.join('\n'), link])).values()];
  const rank = (edge: EdgeLine): readonly [number, string] => [edge.startedAt ?? 0, edge.sql ?? ''];
  const [leftTime, leftText] = rank(left);
  const [rightTime, rightText] = rank(right);
  const later = rightTime > leftTime || (rightTime === leftTime && rightText > leftText) ? right : left;
  return { ...later, columns };
}
