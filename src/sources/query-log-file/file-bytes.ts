import { Readable } from 'node:stream';
import type { FileHandle } from 'node:fs/promises';

const CHUNK_BYTES = 128 * 1024;

/** The bytes of a file from a place on. Unlike a stream of the handle's own, its end leaves the handle open. */
export function fileBytes(handle: FileHandle, from: number, signal: AbortSignal): Readable {
  return Readable.from(chunks(handle, from, signal), { objectMode: false, highWaterMark: CHUNK_BYTES });
}

async function* chunks(handle: FileHandle, from: number, signal: AbortSignal): AsyncGenerator<Buffer> {
  for (let at = from; ;) {
    signal.throwIfAborted();
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
