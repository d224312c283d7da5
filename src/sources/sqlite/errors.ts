import { IngestionError, PermanentError, TransientError } from '../../errors/index.js';

interface CodeRule {
  readonly consequence: 'permanent' | 'transient';
  readonly meaning: string;
  readonly remedy: string;
}

const RULES: Readonly<Record<string, CodeRule>> = {
  SQLITE_NOTADB: {
    consequence: 'permanent',
    meaning: 'is not a SQLite database',
    remedy: 'Check databaseMode, the path of the file. An encrypted database can not be read.',
  },
  SQLITE_CORRUPT: {
    consequence: 'permanent',
    meaning: 'is damaged',
    remedy: 'Run `PRAGMA integrity_check` on it and restore it.',
  },
  SQLITE_CANTOPEN: {
    consequence: 'permanent',
    meaning: 'can not be opened',
    remedy: 'Give the user of the worker the right to read the file and its folder.',
  },
  SQLITE_PERM: {
    consequence: 'permanent',
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
};

/** The library's error as one of the tree. Extended codes (`SQLITE_BUSY_SNAPSHOT`) count as their plain one. */
export function sqliteError(error: unknown, file: string): Error {
  if (error instanceof IngestionError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const rule = RULES[code.split('_').slice(0, 2).join('_')];
  if (rule === undefined) return new PermanentError(`SQLite database ${file} failed: ${text}`);
  const message = `SQLite database ${file} ${rule.meaning}: ${text}.`;
  const facts = { remedy: rule.remedy };
  return rule.consequence === 'permanent' ? new PermanentError(message, facts) : new TransientError(message, facts);
}
