import type { MeasureDialect } from '../measure-dialect.js';
import type { MeasureSession, MeasureSource, SchemaFacts } from '../measures.js';
import type { SchemaRef, SourceContext } from '../source.js';
import { DatabaseMeasureSession } from './database-measure-session.js';
import { DatabaseSessions, type DatabaseSession } from './database-sessions.js';
import { MeasureSessions, type TextSession } from './measure-sessions.js';
import { statementHeader } from './statement-header.js';

/** What one engine adds to measuring. */
export interface MeasureEngine<Session extends TextSession> {
  readonly dialect: MeasureDialect;
  /** @param database for engines where a connection reads one alone; absent: the recipe's */
  open(context: SourceContext, database?: string): Promise<Session>;
  facts(session: Session, schema: string): Promise<SchemaFacts>;
  /** Makes names without a schema those of this one; absent where sessions have such names anyway. */
  readonly use?: (session: Session, schema: string) => Promise<void>;
  /**
   * Ends the statements in the server that begin with `header`, but for those of sessions of this source.
   * @returns how many there were
   */
  endLost(control: Session, header: string, own: readonly Session[]): Promise<number>;
}

/** A connection for the catalogue; sessions have their own. A connection reads every database. */
export class SqlMeasures<Session extends TextSession> implements MeasureSource {
  readonly dialect: MeasureDialect;
  protected readonly sessions: MeasureSessions<Session>;

  constructor(
    protected readonly engine: MeasureEngine<Session>,
    control: Session,
    context: SourceContext
  ) {
    this.dialect = engine.dialect;
    this.sessions = new MeasureSessions(control, (own, database) => engine.open(own, database), context, engine.use);
  }

  async facts({ schema }: SchemaRef): Promise<SchemaFacts> {
    return this.sessions.control((session) => this.engine.facts(session, schema));
  }

  session(context: SourceContext): Promise<MeasureSession> {
    return this.sessions.session(context);
  }

  async endLost(runTag: string): Promise<number> {
    const header = statementHeader(runTag).trimEnd();
    return this.sessions.control((control) => this.engine.endLost(control, header, this.sessions.all));
  }

  async close(): Promise<void> {
    await this.sessions.close();
  }
}

/** The same where a connection reads one database alone: those of other databases are opened when they are needed. */
export class DatabaseMeasures<Session extends TextSession & DatabaseSession> extends SqlMeasures<Session> {
  readonly #home: string;
  readonly #catalogues: DatabaseSessions<Session>;
  /** The database other than the recipe's whose catalogue was read last. */
  #other: string | undefined;

  constructor(engine: MeasureEngine<Session>, control: Session, context: SourceContext) {
    super(engine, control, context);
    this.#home = control.database;
    this.#catalogues = new DatabaseSessions((database) => engine.open(context, database));
  }

  override async facts({ database, schema }: SchemaRef): Promise<SchemaFacts> {
    if (database === this.#home) return super.facts({ database, schema });
    const before = this.#other;
    this.#other = database;
    if (before !== undefined && before !== database) await this.#catalogues.leave(before);
    return this.#catalogues.use(database, (session) => this.engine.facts(session, schema));
  }

  override async session(context: SourceContext): Promise<MeasureSession> {
    return new DatabaseMeasureSession(this.#home, (database) => this.sessions.session(context, database));
  }

  override async close(): Promise<void> {
    await Promise.all([super.close(), this.#catalogues.close()]);
  }
}
