import type { Readable } from 'node:stream';

/** Key of the object that names the store: a place without it is no store. */
export const STORE_ID = 'store-id';

/**
 * Bytes under keys: what a staging store is made of. A key is a path of safe parts,
 * `runs/<run>/extract/0/000002.entry`. Every object appears whole or not at all, and is read by every worker of the
 * store from then on.
 * @throws IngestionError from each of its calls, by consequence: an error that may pass is transient
 */
export interface Objects {
  /** Where they are kept, for people to read: a folder, `s3://bucket/prefix`. */
  readonly place: string;
  /** How often to look for what another process may make, milliseconds. */
  readonly lookMs: number;
  /** Undefined when there is no such object. */
  get(key: string): Promise<Buffer | undefined>;
  /** The same as a stream, for what may be large. */
  open(key: string): Promise<Readable | undefined>;
  /** The last one wins. */
  put(key: string, bytes: Buffer): Promise<void>;
  /** The same for what may be large, in bounded memory; nothing appears when the bytes end with an error. */
  putStream(key: string, bytes: AsyncIterable<Buffer>): Promise<void>;
  /**
   * Creates an object unless its key is taken: of two that try at once, one succeeds.
   * @param before exists before the object does, and is removed if this fails because the key is taken
   * @returns false when the key is taken
   */
  create(key: string, bytes: Buffer, before?: NewObject): Promise<boolean>;
  /** Names of objects and folders directly below a folder, in order; none when there is no such folder. */
  names(folder: string): Promise<string[]>;
  /** Harmless when there is none. */
  remove(key: string): Promise<void>;
  /** Removes everything below a folder; harmless when there is nothing. */
  removeAll(folder: string): Promise<void>;
  /** The newest change below each folder right below this one: name → milliseconds since the epoch. */
  changes(folder: string): Promise<ReadonlyMap<string, number>>;
}

export interface NewObject {
  readonly key: string;
  readonly bytes: Buffer;
}
