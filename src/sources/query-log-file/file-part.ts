import type { FileHandle } from 'node:fs/promises';

/** A text of a part of a file, in which a character is always as many bytes. */
export interface FilePart {
  readonly text: string;
  readonly bytesPerCharacter: number;
  readonly isFileEnd: boolean;
}

interface ReadPart {
  readonly from: number;
  readonly to: number;
  /** Of the file, or of what counts as such. */
  readonly size: number;
}

/** What separates fields is right in it, in each encoding; other characters may not be. */
export async function readFilePart(
  { handle, encoding }: { readonly handle: FileHandle; readonly encoding: BufferEncoding },
  { from, to, size }: ReadPart
): Promise<FilePart> {
  const bytes = Buffer.allocUnsafe(to - from);
  let length = 0;
  while (length < bytes.length) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length, from + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  const isWide = encoding === 'utf16le';
  // what separates fields is ASCII, in each encoding that has it as single bytes
  const text = bytes.toString(isWide ? 'utf16le' : 'latin1', 0, length);
  return { text, bytesPerCharacter: isWide ? 2 : 1, isFileEnd: to === size };
}
