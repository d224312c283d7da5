/** For a file that holds something else; nothing in it was changed. */
export function notACatalog(file: string, cause?: unknown): Error {
  return new Error(
    `${file} is not the file of a local catalog. Give the name of one, or of a file that does not exist yet.`,
    {
      cause,
    }
  );
}
