import type { FileHandle } from 'node:fs/promises';
import { PermanentError } from '../../errors/index.js';

/** Longer than the names of some thousand columns. */
const MAX_HEADER_KIB = 64;
const HEADER = /^(?:[^"\r\n]|"[^"]*")*(\r\n|\n|\r)/;

/** First bytes of compressed files. */
const PACKED: readonly (readonly [name: string, ...bytes: number[]])[] = [
  ['gzip', 0x1f, 0x8b],
  ['zip', 0x50, 0x4b, 0x03, 0x04],
  ['zstd', 0x28, 0xb5, 0x2f, 0xfd],
  ['bzip2', 0x42, 0x5a, 0x68, 0x39],
];

/** How a file is to be read. */
export interface FileForm {
  readonly lineEnd: string;
  readonly encoding: 'utf8' | 'utf16le';
}

/**
 * What ends the lines of a CSV file, as its first line shows: `\n`, `\r\n` or `\r`. Only the first 64 KiB are read,
 * before a parser sees any of it: a first line that never ends would keep the parser busy for the whole file.
 * @returns `\n` for a file of one line
 * @throws PermanentError when the file is compressed, or its first line longer, so that it isn't the header of a query
 * log
 */
export async function findLineEnd(handle: FileHandle, file: string): Promise<FileForm> {
  const head = await firstBytes(handle, MAX_HEADER_KIB * 1024);
  const packed = PACKED.find(([, ...bytes]) => bytes.every((byte, index) => head[index] === byte));
  if (packed !== undefined)
    throw new PermanentError(`${file} is compressed (${packed[0]}), and query logs are read as they are.`, {
      where: file,
      remedy: 'Unpack it first.',
    });
  const encoding = head[0] === 0xff && head[1] === 0xfe ? 'utf16le' : 'utf8';
  const end = HEADER.exec(head.toString(encoding === 'utf16le' ? encoding : 'latin1'))?.[1];
  if (end !== undefined || head.length < MAX_HEADER_KIB * 1024) return { lineEnd: end ?? '\n', encoding };
  throw new PermanentError(`${file} is no query log: its first line is longer than ${MAX_HEADER_KIB} KiB.`, {
    where: file,
    remedy: 'The first line of the file names the columns, separated by commas.',
  });
}

async function firstBytes(handle: FileHandle, limit: number): Promise<Buffer> {
  const bytes = Buffer.alloc(limit);
  let length = 0;
  while (length < limit) {
    const { bytesRead } = await handle.read(bytes, length, limit - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}
