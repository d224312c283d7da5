import { PermanentError } from '../errors/index.js';
import type { MeasureSession, MeasureSource, SourceContext } from '../sources/index.js';
import { findSource, isSourceType } from '../sources/index.js';

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
  readonly session: MeasureSession;
  /** Another session. */
  open(): Promise<MeasureSession>;
}

/** The longest a test's statement may take, milliseconds. */
const TIME_LIMIT_MS = 3_600_000;

/** Opens services by name when they are first needed; closes all of them. */
export class ServiceMeasures {
  readonly #open = new Map<string, Promise<OpenService>>();
  readonly #more: MeasureSession[] = [];

  /** @param connect looks up a service's connection by its name */
  constructor(
    private readonly connect: (service: string) => Promise<ServiceConnection>,
    private readonly context: SourceContext
  ) {}

  /** @throws PermanentError for a type of service whose rows can't be measured here; whatever opening throws */
  service(name: string): Promise<OpenService> {
    const known = this.#open.get(name) ?? this.#begin(name);
    this.#open.set(name, known);
    return known;
  }

  async close(): Promise<void> {
    for (const session of this.#more) await session.close();
    for (const opened of await Promise.allSettled(this.#open.values())) {
      if (opened.status === 'rejected') continue;
      await opened.value.session.close();
      await opened.value.source.close();
    }
  }

  async #begin(name: string): Promise<OpenService> {
    const { type, config } = await this.connect(name);
    const openMeasures = isSourceType(type.toLowerCase()) ? findSource(type).openMeasures : undefined;
    if (openMeasures === undefined)
      throw new PermanentError(
        `Rows of a ${type} service can't be tested here: the service ${name} has no connector that measures.`
      );
    const source = await openMeasures(config, this.context, { statementTimeoutMs: TIME_LIMIT_MS });
    const open = async (): Promise<MeasureSession> => {
      const session = await source.session(this.context);
      this.#more.push(session);
      return session;
    };
    return { type: findSource(type).type, source, session: await source.session(this.context), open };
  }
}
