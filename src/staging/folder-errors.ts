import { PermanentError, TransientError, type ErrorFacts } from '../errors/index.js';
import { CONTINUES } from './continues.js';

/** What a file system without hard links returns for link(2). */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

const MOUNT = `Mount it again, or restart the worker if the folder was replaced. ${CONTINUES}`;

/** What people can do, by the system's code; all of it may be over at the next attempt. */
const FAULTS: readonly { readonly codes: readonly string[]; readonly says: string; readonly remedy: string }[] = [
  {
    codes: ['ENOSPC', 'EDQUOT'],
    says: 'no space is left',
    remedy: `Make room there, or give the worker another staging folder. ${CONTINUES}`,
  },
  { codes: ['EROFS'], says: 'it is mounted read-only', remedy: `Mount it for writing. ${CONTINUES}` },
  {
    codes: ['EACCES', 'EPERM'],
    says: "the worker's user may not",
    remedy: `Give the worker's user the right to read and write there. ${CONTINUES}`,
  },
  {
    codes: ['ENOENT', 'ENOTDIR', 'ESTALE', 'ENODEV', 'ENXIO', 'ENOTCONN', 'ESHUTDOWN'],
    says: 'it is not there any more',
    remedy: MOUNT,
  },
  {
    codes: ['EIO', 'EREMOTEIO', 'ETIMEDOUT', 'EHOSTDOWN', 'EHOSTUNREACH', 'ENETUNREACH', 'ECONNRESET', 'ECONNREFUSED'],
    says: 'its file system does not answer as it should',
    remedy: `See to its disk or its file server. ${CONTINUES}`,
  },
  {
    codes: ['EMFILE', 'ENFILE'],
    says: 'too many files are open',
    remedy: `Raise the limit of open files (ulimit -n). ${CONTINUES}`,
  },
];

/**
 * An error of the file system below a staging folder by its consequence; any other error is returned as it is. The
 * system's own error often names no file.
 * @param what was asked for: `write runs/…`
 */
export function toFolderError(error: unknown, what: string, place: string): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  const fault = FAULTS.find(({ codes }) => codes.includes(code));
  const facts: ErrorFacts = { where: place, cause: error };
  if (fault === undefined)
    return new TransientError(`The staging folder ${place} could not ${what}: ${(error as Error).message}.`, facts);
  return new TransientError(`The staging folder ${place} could not ${what}: ${fault.says} (${code}).`, {
    ...facts,
    remedy: fault.remedy,
  });
}

export function toLinkError(error: unknown, place: string): unknown {
  if (!NO_LINKS.has(codeOf(error) ?? '')) return error;
  return new PermanentError(`The staging folder ${place} is on a file system without hard links.`, {
    remedy: 'Use a local disk or NFS, or stage on S3: OM_INGEST_STAGING=s3://bucket/prefix.',
    cause: error,
  });
}

/** Of an error of the operating system alone. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error || 'errno' in error)) return undefined;
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
