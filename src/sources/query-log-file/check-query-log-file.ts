import { PermanentError } from '../../errors/index.js';
import type { CheckResult } from '../source.js';
import { listFiles, readLogFile, unreadText, type LogFiles } from './log-files.js';

/**
 * One finding per file: its first line names the needed columns, and its first row has a statement. Later rows aren't
 * read.
 */
export async function* checkQueryLogFile(filePath: string, signal: AbortSignal): AsyncGenerator<CheckResult> {
  let listed: LogFiles;
  try {
    listed = await listFiles(filePath);
  } catch (error) {
    yield unreadable(error);
    return;
  }
  const left = unreadText(filePath, listed.others);
  if (left !== undefined) yield { name: 'query log', passed: false, mandatory: false, message: left };
  for (const file of listed.files) {
    const base = { name: 'query log', message: `${file} has no texts` };
    const rows = readLogFile(file, { signal, onWarning: () => undefined });
    try {
      if ((await rows.next()).done === true) yield { ...base, passed: false, mandatory: false };
      else yield { ...base, passed: true, mandatory: true, message: `${file} can be read from here` };
    } catch (error) {
      yield unreadable(error);
    } finally {
      await rows.return(undefined);
    }
  }
}

function unreadable(error: unknown): CheckResult {
  if (!(error instanceof PermanentError)) throw error;
  const { message, remedy } = error;
  const finding = { name: 'query log', passed: false, mandatory: true, message, error };
  return remedy === undefined ? finding : { ...finding, remedy };
}
