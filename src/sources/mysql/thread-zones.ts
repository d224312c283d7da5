import type { SqlSession } from '../../sql/index.js';
import { setTimeZone, type SetZone } from './set-time-zone.js';
import { fromLocal, zoneNamed, type Zone } from './zone-offset.js';

/** Threads remembered at once; the one whose SET is the oldest is forgotten, and has the server's zone again. */
const THREADS = 20_000;
/** Rows of a thread may seem so far apart, and so far in the future. */
const SLACK_MS = 60_000;
/** Where clocks are set back, an hour is there twice. */
const TWICE_MS = 2 * 3_600_000;
const BEGINS: ReadonlySet<string> = new Set(['Connect', 'Change user']);

/** What the server says of its own zones. */
export interface ServerZones {
  /** Of its host, for SYSTEM; undefined where the server's own zone is the same. */
  readonly host: string | undefined;
  /** It knows zones by name; a SET by one fails otherwise, and the log shows it all the same. */
  readonly knowsNames: boolean;
}

interface ThreadZone {
  readonly zone: Zone;
  /** Milliseconds since the epoch of its newest row. */
  last: number;
}

/**
 * The time zone of each thread of a general log, by its own SETs. The server writes a row's time by the clock of the
 * session that the row is of.
 */
export class ThreadZones {
  readonly #threads = new Map<string, ThreadZone>();
  readonly #zones = new Map<string, Zone | undefined>();

  constructor(
    private readonly server: ServerZones,
    private readonly now = Date.now()
  ) {}

  follow(thread: string, command: string, body: string, session?: SqlSession): void {
    if (BEGINS.has(command)) {
      this.#threads.delete(thread);
      return;
    }
    const name = setTimeZone(body, session);
    if (name !== undefined) this.set(thread, name);
  }

  has(thread: string): boolean {
    return this.#threads.has(thread);
  }

  /** An event has a zone of its own. */
  set(thread: string, name: SetZone): void {
    const zone = this.zoneOf(name);
    if (zone === 'unchanged') return;
    const before = this.#threads.get(thread);
    this.#threads.delete(thread);
    if (zone === 'server') return;
    this.#threads.set(thread, { zone, last: before?.last ?? -Infinity });
    if (this.#threads.size <= THREADS) return;
    const oldest = this.#threads.keys().next();
    if (oldest.done !== true) this.#threads.delete(oldest.value);
  }

  /** What a SET to this zone does. */
  zoneOf(name: SetZone): Zone | 'server' | 'unchanged' {
    if (name === null) return 'server';
    if (/^system$/i.test(name)) return this.#named(this.server.host);
    if (!/^[+-]/.test(name) && !this.server.knowsNames) return 'unchanged';
    return this.#named(name);
  }

  #named(name: string | undefined): Zone | 'server' {
    if (name === undefined) return 'server';
    if (!this.#zones.has(name)) this.#zones.set(name, zoneNamed(name));
    return this.#zones.get(name) ?? 'server';
  }

  /**
   * Milliseconds since the epoch of a row. @param local its time as the log has it, as if it were UTC @param byServer
   * what it is if the zone is the server's
   */
  timeOf(thread: string, local: number, byServer: number): number {
    const own = this.#threads.get(thread);
    if (own === undefined) return byServer;
    const at = fromLocal(own.zone, local);
    // a reset of the connection, which isn't logged, has put the server's zone back
    const slack = own.zone.isFixed ? SLACK_MS : TWICE_MS;
    if (at < own.last - slack || at > this.now + SLACK_MS) {
      this.#threads.delete(thread);
      return byServer;
    }
    own.last = Math.max(own.last, at);
    return at;
  }
}
