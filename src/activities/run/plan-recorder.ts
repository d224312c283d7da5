import { PartRecorder } from '../../report/index.js';

/** What a run would tell, of a plan before anything runs: each line with what it is about. */
export function planRecorder(onWarning: (text: string) => void): PartRecorder {
  return new PartRecorder((_level, text, entity) => {
    onWarning(entity === undefined || text.includes(entity) ? text : `${entity}: ${text}`);
  });
}
