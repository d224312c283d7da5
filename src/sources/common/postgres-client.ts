import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import pg from 'pg';
import { AnswerGuard } from './postgres-answer-guard.js';

/**
 * The driver's client for servers that speak PostgreSQL's protocol; its parser sees only what its guard lets through.
 */
export class PostgresClient extends pg.Client {
  readonly guard = AnswerGuard.on(this);

  /** `TLSv1.3` and the like; undefined without TLS. */
  get tlsProtocol(): string | undefined {
    const socket = this.#socket;
    return socket instanceof TLSSocket ? (socket.getProtocol() ?? undefined) : undefined;
  }

  /** Ends the connection without a goodbye: the server may be in the middle of an answer. */
  drop(): void {
    this.#socket?.destroy();
  }

  /** The connection's socket, which the driver's types don't show. */
  get #socket(): Socket | undefined {
    const connection: unknown = Reflect.get(this, 'connection');
    const stream: unknown =
      typeof connection === 'object' && connection !== null ? Reflect.get(connection, 'stream') : undefined;
    return stream instanceof Socket ? stream : undefined;
  }
}
