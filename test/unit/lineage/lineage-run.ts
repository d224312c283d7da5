import type { DatabaseLineageConfig } from '../../../src/recipe/index.js';
import {
  ContainerFinder,
  edgeFilter,
  mergeEdges,
  parseSlice,
  procedureFilter,
  publishEdges,
  LookUpCache,
  type FoundTable,
  TableFinder,
} from '../../../src/lineage/index.js';
import { mergedLine, type MergedEdge, type MergedLine } from '../../../src/lineage/staged-line.js';
import type { ParserPool } from '../../../src/sql/index.js';
import type { Dialect } from '../../../src/sql/index.js';
import type { OpenMetadataClient } from '../../../src/openmetadata/index.js';
import { readWindow } from '../../../src/query-log/index.js';
import { mergeParts, NO_PART, type PartReport } from '../../../src/report/index.js';
import type { LogRecord, NameFolding, QueryLogSource } from '../../../src/sources/index.js';
import type { SliceAddress, StagingStore } from '../../../src/staging/index.js';
import { recordsOf } from '../metadata/temporary-store.js';
import { attemptOn } from '../staging/attempt-on.js';

export interface RunSettings {
  readonly services?: readonly string[];
  readonly dialect?: Dialect;
  readonly folding?: NameFolding;
  readonly keepUnknown?: boolean;
  readonly filters?: Partial<DatabaseLineageConfig>;
  readonly linesHeld?: number;
}

const WINDOW = { from: 0, to: 1, log: 'test' };

/** The stages of a lineage run over a real store, one call each, as the activities make them. */
export class LineageRun {
  readonly signal: AbortSignal = new AbortController().signal;
  readonly tables = new LookUpCache<FoundTable>();
  #slices: SliceAddress[] = [];

  constructor(
    readonly store: StagingStore,
    readonly client: OpenMetadataClient,
    readonly pool: ParserPool,
    readonly settings: RunSettings = {},
    readonly run = 'run'
  ) {}

  address(stage: string, slice = '0'): SliceAddress {
    return { run: this.run, stage, slice };
  }

  async read(records: readonly LogRecord[], slice = '0'): Promise<void> {
    const options = { resultLimit: 0, storedProcedures: true };
    const to = this.address('queries', slice);
    const source = async (): Promise<QueryLogSource> => logOf(records);
    await readWindow({ ...attemptOn(this.store), source, window: WINDOW, options, to });
  }

  async parse(slice = '0', lines: 'log' | 'views' = 'log', onCommit: () => void = () => undefined): Promise<void> {
    const { services = ['s'], dialect = 'mysql', folding = 'as-written', keepUnknown = false } = this.settings;
    const to = this.address('parsed', lines === 'views' ? 'views' : slice);
    this.#slices = [...this.#slices.filter((each) => each.slice !== to.slice), to];
    await parseSlice({
      pool: this.pool,
      finder: new TableFinder(this.client, services, { dialect, folding }, this.signal, this.tables),
      containers: new ContainerFinder(this.client, this.signal),
      dialect,
      signal: this.signal,
      ...attemptOn(this.store),
      from: this.address(lines === 'views' ? 'views' : 'queries', lines === 'views' ? '0' : slice),
      to,
      lines,
      keepUnknown,
      procedures: procedureFilter(this.#config()),
      isSelected: edgeFilter(this.#config()),
      onCommit,
    });
  }

  async merge(
    slices: readonly SliceAddress[] = this.#slices,
    store: StagingStore = this.store,
    to = 'merged'
  ): Promise<void> {
    const { keepUnknown = false, linesHeld } = this.settings;
    await mergeEdges({
      ...attemptOn(store),
      slices,
      keepUnknown,
      isSelected: edgeFilter(this.#config()),
      to: this.address(to),
      onProgress: () => undefined,
      ...(linesHeld === undefined ? {} : { linesHeld }),
    });
  }

  async publish(to = 'published', client: OpenMetadataClient = this.client): Promise<void> {
    await publishEdges({
      client,
      ...attemptOn(this.store),
      from: this.address('merged'),
      to: this.address(to),
      service: 's',
      dialect: this.settings.dialect ?? 'mysql',
      lanes: 4,
      signal: this.signal,
    });
  }

  async lines(stage = 'merged'): Promise<MergedLine[]> {
    return (await recordsOf(this.store, this.address(stage))).flat().map((line) => mergedLine.parse(line));
  }

  async edges(): Promise<MergedEdge[]> {
    return (await this.lines()).filter((line) => line.kind === 'edge');
  }

  /** `from > to` with the columns' names, short enough to read. */
  async edgeTexts(): Promise<string[]> {
    const short = (fqn: string): string => fqn.split('.').slice(3).join('.');
    return (await this.edges()).map(({ from, to, columns }) => {
      const links = columns.map(({ fromColumns, toColumn }) => `${fromColumns.map(last).join('+')}→${last(toColumn)}`);
      return `${short(from)} > ${short(to)}: ${links.join(' ')}`.trim();
    });
  }

  /** What a stage's slice counted, from its manifest. */
  async facts(stage: string, slice = '0'): Promise<PartReport> {
    let part: PartReport = NO_PART;
    for (const { facts } of await this.store.manifest(this.address(stage, slice)))
      part = mergeParts(part, facts as PartReport);
    return part;
  }

  /** Reads, parses and merges one log. */
  async through(records: readonly LogRecord[]): Promise<this> {
    await this.read(records);
    await this.parse();
    await this.merge();
    return this;
  }

  #config(): DatabaseLineageConfig {
    return { ...(this.settings.filters ?? {}) } as DatabaseLineageConfig;
  }
}

function last(fqn: string): string {
  return fqn.split('.').at(-1) ?? '';
}

function logOf(records: readonly LogRecord[]): QueryLogSource {
  return {
    windows: () => Promise.resolve([WINDOW]),
    async *read(_window, _options, after) {
      const behind = Number(after?.['row'] ?? 0);
      for (const [index, record] of records.entries())
        if (index >= behind) yield { record, cursor: { row: index + 1 } };
    },
    close: () => Promise.resolve(),
  };
}

/** A text of the log that ran in a schema. */
export function query(
  text: string,
  schema = 'shop',
  more: Partial<Extract<LogRecord, { kind: 'query' }>> = {}
): LogRecord {
  return { kind: 'query', text, database: 'default', schema, ...more };
}
