import { beginning } from '../errors/index.js';
import { catalogNamesAreExact, maskLiterals, sentCall, sentText, storedColumn, type Dialect } from '../sql/index.js';
import type { PartRecorder } from '../report/index.js';
import { growingSlice, toLines, transformStage, type SliceAddress, type StageRun } from '../staging/index.js';
import type { ContainerFinder } from './container-finder.js';
import type { EdgeFilter, ProcedureFilter } from './edge-filter.js';
import { foldLines } from './fold-lines.js';
import { loadEdges, type LoadLine } from './load-edges.js';
import { parseTexts, type ParseContext } from './parse-texts.js';
import type { ParsedText } from './parsed-text.js';
import { logLine, type LogLine } from '../query-log/index.js';
import { storedText } from './stored-text.js';
import type { Text } from './text.js';
import { viewLine, type ChunkTally, type EdgeLine, type ParsedLine, type ViewLine } from './staged-line.js';
import { mostFirst, UnknownTables } from './unknown-tables.js';
import { placeOf, type FoundTable, type TableFinder } from './table-finder.js';

/** Doubtful statements named in one chunk's tally. */
const MOST_DOUBTED = 20;
/** Characters of a statement that a warning shows, with its literals masked. */
const SHOWN_TEXT = 150;
/** Unknown tables named in the doubt about a view. */
const NAMED = 5;

export interface ParseSliceInput extends ParseContext, StageRun {
  readonly finder: TableFinder;
  /** Whose statements and edges count; those that no procedure ran always do. Default: everybody's. */
  readonly procedures?: ProcedureFilter;
  readonly containers: Pick<ContainerFinder, 'findAll'>;
  readonly from: SliceAddress;
  readonly to: SliceAddress;
  readonly lines: 'views' | 'log';
  readonly isSelected: EdgeFilter;
  readonly recorder: PartRecorder;
}

/** Parses a completely staged slice, chunk by chunk. */
export async function parseSlice(input: ParseSliceInput): Promise<void> {
  await transformStage<StagedText>(input, {
    from: growingSlice(input.store, input.from),
    to: input.to,
    parse: (line) => {
      const value: unknown = JSON.parse(line.toString());
      return input.lines === 'views' ? { kind: 'view', ...viewLine.parse(value) } : logLine.parse(value);
    },
    work: async ({ records }) => {
      const { lines, tally } = await parseChunk(input, records);
      return { lines: toLines(lines), position: tally };
    },
  });
}

type StagedText = LogLine | ({ readonly kind: 'view' } & ViewLine);

async function parseChunk(
  input: ParseSliceInput,
  chunk: readonly StagedText[]
): Promise<{ lines: ParsedLine[]; tally: ChunkTally }> {
  const { lines, texts, known, missing, loads } = await readChunk(input, chunk);
  const read = texts.length + known;
  let plain = 0;
  let fruitless = 0;
  const doubted = new Map<string, number>();
  const unknown = new UnknownTables();
  for (const name of missing) unknown.add(name);
  for (const [index, parsed] of (await parseTexts(texts, input)).entries()) {
    const text = texts[index];
    if (text === undefined) continue;
    for (const line of await linesOf(text, parsed, input)) lines.push(line);
    for (const name of parsed.unknown) if (parsed.ofServer?.has(name) !== true) unknown.add(name);
    for (const name of parsed.temporary) unknown.addTemporary(name);
    if (parsed.edges.length === 0 && parsed.unknown.length === 0) {
      plain += 1;
      if (parsed.writes === true) fruitless += 1;
    }
    if (parsed.doubted === true && parsed.poisoned === undefined) {
      const shown = shownText(text, input.dialect);
      doubted.set(shown, (doubted.get(shown) ?? 0) + 1);
    }
    if (parsed.poisoned !== undefined) {
      const shown = shownText(text, input.dialect);
      input.recorder.warning('source', `A SQL text could not be read and was set aside (${parsed.poisoned}): ${shown}`);
    }
  }
  const doubts = [...doubted.values()].reduce((sum, texts) => sum + texts, 0);
  return {
    lines: foldLines(lines),
    tally: {
      ...unknown.tally(),
      read,
      plain,
      ...(doubts === 0
        ? {}
        : { doubted: { count: doubts, texts: Object.fromEntries(mostFirst(doubted).slice(0, MOST_DOUBTED)) } }),
      ...(fruitless === 0 ? {} : { fruitless }),
      ...(loads.count === 0 ? {} : { loads }),
    },
  };
}

/** How a report shows a statement: a view's name, else its beginning without literals. */
function shownText(text: Text, dialect: Dialect): string {
  if (text.view !== undefined) return text.view.fqn;
  const masked = maskLiterals(text.sql, dialect, text.session).replace(/\s+/g, ' ').trim();
  return masked.length <= SHOWN_TEXT ? masked : `${beginning(masked, SHOWN_TEXT)}…`;
}

/** The statements of a chunk, and the edges that the source itself gave or that loads make. */
async function readChunk(
  { finder, containers, recorder, dialect, procedures = () => true }: ParseSliceInput,
  chunk: readonly StagedText[]
): Promise<{
  texts: Text[];
  lines: ParsedLine[];
  known: number;
  missing: string[];
  loads: { count: number; named: string[] };
}> {
  const texts: Text[] = [];
  const known: Extract<LogLine, { kind: 'edge' }>[] = [];
  const loads: LoadLine[] = [];
  for (const line of chunk) {
    const procedure = line.kind === 'edge' || line.kind === 'query' ? line.procedure?.[2] : undefined;
    if (procedure !== undefined && !(await procedures(procedure))) continue;
    if (line.kind === 'edge') known.push(line);
    else if (line.kind === 'load') loads.push(line);
    else if (line.kind === 'query') {
      const { text: sql, ...place } = sentCall(line.text, dialect);
      texts.push({ ...line, ...place, sql, procedureFqn: finder.procedureFqn(line.procedure) });
    } else {
      const view = await finder.byFqn(line.fqn);
      if (view === undefined) recorder.failure('source', line.fqn, 'The view is not in the catalog any more.');
      else texts.push({ sql: line.definition, ...placeOf(line.fqn), view });
    }
  }
  const edges = await knownEdges(known, finder, dialect);
  const loaded = await loadEdges(loads, finder, containers, recorder, catalogNamesAreExact(dialect));
  return {
    texts,
    known: known.length,
    lines: [...edges.lines, ...loaded.lines],
    missing: [...edges.missing, ...loaded.missing],
    loads: loaded.left,
  };
}

/** Edges the source itself gave: those between tables of the catalog, and the names of tables that aren't there. */
async function knownEdges(
  lines: readonly Extract<LogLine, { kind: 'edge' }>[],
  finder: TableFinder,
  dialect: Dialect
): Promise<{ lines: EdgeLine[]; missing: string[] }> {
  const missing: string[] = [];
  const exact = catalogNamesAreExact(dialect);
  const ends = await finder.findAll(lines.flatMap(({ from, to }) => [from, to].map((parts) => ({ parts, exact }))));
  const stored = (name: string): string => storedColumn(name, dialect);
  const edges = lines.flatMap((line, index) => {
    const [from, to] = [ends[2 * index] ?? [], ends[2 * index + 1] ?? []];
    if (from.length === 0) missing.push(line.from.join('.'));
    if (to.length === 0) missing.push(line.to.join('.'));
    const { text, startedAt } = line;
    const sql = text === undefined ? undefined : storedText(sentText(text, dialect), dialect);
    const procedureFqn = finder.procedureFqn(line.procedure);
    return from.flatMap((left) =>
      to
        .filter((right) => right.id !== left.id)
        .map((right): EdgeLine => ({
          kind: 'edge',
          from: { kind: 'entity', fqn: left.fqn, id: left.id },
          to: { kind: 'entity', fqn: right.fqn, id: right.id },
          columns: line.columns.flatMap(([source, target]) => linkOf(left, stored(source), right, stored(target))),
          source: 'QueryLineage',
          ...(sql === undefined ? {} : { sql }),
          ...(startedAt === undefined ? {} : { startedAt }),
          ...(procedureFqn === undefined ? {} : { procedureFqn }),
        }))
    );
  });
  return { lines: edges, missing };
}

function linkOf(left: FoundTable, source: string, right: FoundTable, target: string): [string, string][] {
  const [from, to] = [left.columns.fqnOf(source), right.columns.fqnOf(target)];
  return from === undefined || to === undefined ? [] : [[from, to]];
}

/**
 * Lines from a statement: its edges, the statement if any of its edges is wanted, its view if all of it was understood.
 */
async function linesOf(
  { view }: Text,
  parsed: ParsedText,
  { keepUnknown, isSelected }: ParseSliceInput
): Promise<ParsedLine[]> {
  const { edges, query } = parsed;
  const lines: ParsedLine[] = [];
  let isWanted = false;
  for (const edge of edges) {
    const isWhole = edge.from.kind === 'entity' && edge.to.kind === 'entity';
    if (!isWhole && !keepUnknown) continue;
    if (edge.from.kind === 'entity' && edge.to.kind === 'entity' && !(await isSelected(edge.from.fqn, edge.to.fqn))) {
      // the merge counts it: once, however many statements have it
      lines.push({ kind: 'edge', from: edge.from, to: edge.to, columns: [], source: edge.source });
      continue;
    }
    lines.push(edge);
    isWanted = true;
  }
  if (isWanted && query !== undefined) lines.push(query);
  if (view === undefined) return lines;
  // a view that was half understood is read again by the next run
  const reason = doubtOf(parsed);
  if (reason === undefined) lines.push({ kind: 'view', id: view.id, fqn: view.fqn });
  else lines.push({ kind: 'doubt', fqn: view.fqn, reason });
  return lines;
}

/** Why a view's edges are missing, or may be incomplete. */
function doubtOf({ edges, unknown, doubted, poisoned }: ParsedText): string | undefined {
  if (poisoned !== undefined) return `its text could not be read (${poisoned})`;
  if (unknown.length > 0) {
    const more = unknown.length > NAMED ? `, … (${unknown.length})` : '';
    return `its text names tables that the catalog does not have: ${unknown.slice(0, NAMED).join(', ')}${more}`;
  }
  if (doubted === true) return 'a part of its SQL was not understood, so edges may be missing';
  return edges.length === 0 ? 'its text reads no table, or only the view itself' : undefined;
}
