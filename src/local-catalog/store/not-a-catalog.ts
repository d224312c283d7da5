/** For a file that contains something else; nothing in it was changed. */
export function notACatalog(file: string, cause?: unknown): Error {
  return new Error(
    `${file} is not the file of a local catalog. Give the name of one, or of a file that does not exist yet.`,
    {
      cause,
    }
  );
}

/** For a catalog of which a part is lost. @param more what else may be done, `, or …` */
export function damaged(file: string, found: string, more = ''): Error {
  return new Error(`The catalog file ${file} ${found}. ${RESTORE.slice(0, -1)}${more}.`);
}

const RESTORE =
  'Put a copy of it back, or start on another file: what workers publish comes again with their next runs.';
const FAULTS: readonly (readonly [codes: RegExp, fault: string])[] = [
  [/^SQLITE_CORRUPT/, `is damaged. ${RESTORE}`],
  [
    /^(SQLITE_(READONLY|PERM|CANTOPEN|AUTH)|EACCES|EPERM|EROFS)/,
    'can not be written. A catalog writes its file and others beside it: give this user the right to both, or another file.',
  ],
  [/^(SQLITE_FULL|ENOSPC|EDQUOT)/, 'does not fit the disk, which is full.'],
  [/^SQLITE_IOERR/, 'can not be read or written: the disk answers with an error.'],
];

/** Why the file can't be used, if that is known; else the error as it is. */
export function inPlainWords(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const code = String(error.code);
  if (code === 'SQLITE_NOTADB' || code === 'EISDIR') return notACatalog(file, error);
  const fault = FAULTS.find(([codes]) => codes.test(code))?.[1];
  return fault === undefined ? error : new Error(`The catalog file ${file} ${fault}`, { cause: error });
}
