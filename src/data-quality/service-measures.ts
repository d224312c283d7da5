import { PermanentError } from '../errors/index.js';
import type { MeasureSession, MeasureSource, SourceContext } from '../sources/index.js';
import { findSource, isSourceType } from '../sources/index.js';
import { tableRefOf } from './row-set.js';

/** A connection as configured, with its secrets. */
export interface ServiceConnection {
  /** Connector type or OpenMetadata's serviceType. */
  readonly type: string;
  readonly config: unknown;
}

/** What a worker has open for one service. */
export interface OpenService {
  readonly type: string;
  readonly source: MeasureSource;
  /** Opened when it is first asked for: what the catalogue knows is read before that, by the same connection. */
  readonly session: () => Promise<MeasureSession>;
}

/** The longest a test's statement may take, milliseconds. */
const TIME_LIMIT_MS = 3_600_000;

/** Opens services by name when they are first needed; closes all of them. */
export class ServiceMeasures {
  readonly #open = new Map<string, Promise<OpenService>>();
  readonly #sessions: Promise<MeasureSession>[] = [];

  /**
   * @param connect looks up a service's connection by its name
   * @param isRetry true: statements with the context's tag are those of a lost worker, and are ended first
   */
  constructor(
    private readonly connect: (service: string) => Promise<ServiceConnection>,
    private readonly context: SourceContext,
    private readonly isRetry = false
  ) {}

  /**
   * @param table FQN of one that is tested there: in its database an engine may look for lost statements
   * @throws PermanentError for a type of service whose rows can't be measured here; whatever opening throws
   */
  service(name: string, table?: string): Promise<OpenService> {
    const known = this.#open.get(name) ?? this.#begin(name, table);
    this.#open.set(name, known);
    return known;
  }

  async close(): Promise<void> {
    for (const opened of await Promise.allSettled(this.#sessions))
      if (opened.status === 'fulfilled') await opened.value.close();
    for (const opened of await Promise.allSettled(this.#open.values()))
      if (opened.status === 'fulfilled') await opened.value.source.close();
  }

  async #begin(name: string, table: string | undefined): Promise<OpenService> {
    const { type, config } = await this.connect(name);
    const openMeasures = isSourceType(type.toLowerCase()) ? findSource(type).openMeasures : undefined;
    if (openMeasures === undefined)
      throw new PermanentError(
        `Rows of a ${type} service can't be tested here: the service ${name} has no connector that measures.`
      );
    const source = await openMeasures(config, this.context, { statementTimeoutMs: TIME_LIMIT_MS });
    if (this.isRetry && table !== undefined) await this.#endLost(source, table);
    let session: Promise<MeasureSession> | undefined;
    const opened = (): Promise<MeasureSession> => {
      if (session === undefined) this.#sessions.push((session = source.session(this.context)));
      return session;
    };
    return { type: findSource(type).type, source, session: opened };
  }

  /** What a lost worker began would run on in the source until its time limit. */
  async #endLost(source: MeasureSource, table: string): Promise<void> {
    try {
      await source.endLost(this.context.runTag, tableRefOf(table).database);
    } catch (error) {
      await source.close();
      throw error;
    }
  }
}
