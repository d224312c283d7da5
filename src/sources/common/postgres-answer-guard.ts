import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import type { Client } from 'pg';
import { PermanentError } from '../../errors/index.js';
import { MOST_AT_ONCE_BYTES, tooMuchFor } from './endless-answer.js';

/** The server sent what the protocol doesn't allow. */
export class ProtocolFault extends Error {
  readonly code = 'PROTOCOL';
}

/** What may come unasked, before somebody waits for rows: the log-in's messages, notices, changed settings. */
const MOST_UNASKED_BYTES = 1024 * 1024;
/** Of a message that is no row. */
const MOST_MESSAGE_BYTES = 16 * 1024 * 1024;
const HEADER_BYTES = 5;
const LENGTH_BYTES = 4;
/**
 * Messages whose body is fields, each a letter and a text that ends with a zero byte, and a zero byte after the last
 * one.
 */
const FIELDS: ReadonlySet<string> = new Set(['E', 'N']);
const ROW = 'D';

/**
 * Stands between a connection's socket and the driver's parser, which trusts the server: a message that is cut short
 * makes it throw where nobody catches, which ends the process, or look for an end for ever. And it bounds what a server
 * sends that isn't asked, or answers without end. A fault ends the connection; whoever waits for it is told.
 */
export class AnswerGuard {
  #bytesLeft = MOST_UNASKED_BYTES;
  #rowsLeft = 0;
  #what: string | undefined;
  /** The parts of a header, or of a body that is checked, as far as they have come. */
  #held: Buffer[] = [];
  #missing = HEADER_BYTES;
  #within: 'header' | 'body' | 'checked body' = 'header';
  #fault: Error | undefined;

  /** Before the client connects. */
  static on(client: Client): AnswerGuard {
    const guard = new AnswerGuard();
    const connection: unknown = Reflect.get(client, 'connection');
    if (!isConnection(connection)) throw new Error('this release of the driver has another connection');
    const attach = connection.attachListeners;
    connection.attachListeners = (stream) => void Reflect.apply(attach, connection, [guard.#inlet(stream)]);
    return guard;
  }

  /** Whether the server broke the protocol. */
  get isBroken(): boolean {
    return this.#fault instanceof ProtocolFault;
  }

  /** From now on so many rows may come, and MOST_AT_ONCE_BYTES. */
  expectRows(rows: number): void {
    this.#bytesLeft = MOST_AT_ONCE_BYTES;
    this.#rowsLeft = rows;
    this.#what = `${rows} rows`;
  }

  /** What the driver's parser listens to in place of the socket. */
  #inlet(stream: Duplex): EventEmitter {
    const inlet = new EventEmitter();
    stream.on('end', () => inlet.emit('end'));
    stream.on('data', (bytes: Buffer) => {
      if (this.#fault !== undefined) return;
      try {
        this.#check(bytes);
        inlet.emit('data', bytes);
      } catch (error) {
        this.#fault = error instanceof PermanentError ? error : asFault(error);
        stream.destroy(this.#fault);
      }
    });
    return inlet;
  }

  #check(bytes: Buffer): void {
    this.#bytesLeft -= bytes.length;
    if (this.#bytesLeft < 0) throw this.#tooMuch();
    let at = 0;
    while (at < bytes.length) {
      const part = bytes.subarray(at, at + this.#missing);
      at += part.length;
      this.#missing -= part.length;
      if (this.#within !== 'body') this.#held.push(part);
      if (this.#missing === 0) this.#next();
    }
  }

  #next(): void {
    const whole = this.#held.length === 1 ? this.#held[0] : Buffer.concat(this.#held);
    this.#held = [];
    if (this.#within === 'header' && whole !== undefined) return this.#begin(whole);
    if (this.#within === 'checked body' && whole !== undefined) checkFields(whole);
    this.#within = 'header';
    this.#missing = HEADER_BYTES;
  }

  #begin(header: Buffer): void {
    const kind = String.fromCharCode(header[0] ?? 0);
    const length = header.readUInt32BE(1) - LENGTH_BYTES;
    if (length < 0) throw new ProtocolFault('a message that is shorter than its own header');
    if (kind === ROW) {
      this.#rowsLeft -= 1;
      if (this.#rowsLeft < 0 || length > MOST_AT_ONCE_BYTES) throw this.#tooMuch();
    } else if (length > MOST_MESSAGE_BYTES) {
      throw new ProtocolFault(`a message of ${Math.round(length / 1024 / 1024)} MiB that is no row`);
    }
    this.#within = FIELDS.has(kind) ? 'checked body' : 'body';
    this.#missing = length;
    if (length === 0) this.#next();
  }

  #tooMuch(): Error {
    if (this.#what === undefined) return new ProtocolFault('rows, or more than a MiB, before anything was asked');
    return this.#rowsLeft < 0 ? new ProtocolFault(`more than the ${this.#what} asked for`) : tooMuchFor(this.#what);
  }
}

/** @throws ProtocolFault when the parser would read beyond the end */
function checkFields(body: Buffer): void {
  let at = 0;
  while (at < body.length && body[at] !== 0) {
    const end = body.indexOf(0, at + 1);
    if (end === -1) break;
    at = end + 1;
  }
  if (at !== body.length - 1 || body[at] !== 0) throw new ProtocolFault('an error or a notice without its end');
}

function asFault(error: unknown): ProtocolFault {
  if (error instanceof ProtocolFault) return error;
  return new ProtocolFault(`a message that can't be read (${error instanceof Error ? error.message : String(error)})`);
}

/** The part of the driver's connection, which its types don't show, that is asked to listen to the socket. */
interface Listening {
  attachListeners: (stream: Duplex) => void;
}

function isConnection(value: unknown): value is Listening {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'attachListeners') === 'function';
}
