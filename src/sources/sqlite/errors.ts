import { IngestionError, NoSuchColumn, NothingRuns, PermanentError, TransientError } from '../../errors/index.js';

interface CodeRule {
  /** `nothing runs` is permanent too, and says nothing of what a statement reads. */
  readonly consequence: 'permanent' | 'transient' | 'nothing runs';
  readonly meaning: string;
  readonly remedy: string;
}

const RULES: Readonly<Record<string, CodeRule>> = {
  SQLITE_NOTADB: {
    consequence: 'nothing runs',
    meaning: 'is not a SQLite database',
    remedy: 'Check databaseMode, the path of the file. An encrypted database can not be read.',
  },
  SQLITE_CORRUPT: {
    consequence: 'permanent',
    meaning: 'is damaged',
    remedy: 'Run `PRAGMA integrity_check` on it and restore it.',
  },
  SQLITE_CANTOPEN: {
    consequence: 'nothing runs',
    meaning: 'can not be opened',
    remedy: 'Give the user of the worker the right to read the file and its folder.',
  },
  SQLITE_PERM: {
    consequence: 'nothing runs',
    meaning: 'may not be read',
    remedy: 'Give the user of the worker the right to read the file.',
  },
  SQLITE_BUSY: {
    consequence: 'transient',
    meaning: 'is locked by a writer',
    remedy: 'Run again when the writer is done.',
  },
  SQLITE_LOCKED: {
    consequence: 'transient',
    meaning: 'is locked by a writer',
    remedy: 'Run again when the writer is done.',
  },
  SQLITE_IOERR: {
    consequence: 'transient',
    meaning: 'could not be read from its disk',
    remedy: 'Check the disk.',
  },
  SQLITE_FULL: {
    consequence: 'transient',
    meaning: 'has no room for temporary files',
    remedy: 'Make room in the folder for temporary files of the worker (SQLITE_TMPDIR).',
  },
  SQLITE_NOMEM: {
    consequence: 'transient',
    meaning: 'ran out of memory',
    remedy: 'Give the worker more memory, or let it measure less at once (threadCount).',
  },
};

/** The library's error as one of the tree. Extended codes (`SQLITE_BUSY_SNAPSHOT`) count as their plain one. */
export function sqliteError(error: unknown, file: string): Error {
  if (error instanceof IngestionError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const rule = RULES[code.split('_').slice(0, 2).join('_')];
  if (rule === undefined) {
    const refusal = `SQLite database ${file} failed: ${text}`;
    const lacked = /^no such column: (.+)$/s.exec(text)?.[1];
    return lacked === undefined ? new PermanentError(refusal) : new NoSuchColumn(refusal, lacked);
  }
  const message = `SQLite database ${file} ${rule.meaning}: ${text}.`;
  const facts = { remedy: rule.remedy };
  switch (rule.consequence) {
    case 'permanent':
      return new PermanentError(message, facts);
    case 'nothing runs':
      return new NothingRuns(message, facts);
    case 'transient':
      return new TransientError(message, facts);
  }
}
