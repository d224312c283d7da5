import type { StageProgress } from '../../contract/progress.js';
import { countWords } from '../../contract/count-words.js';

const numbers = new Intl.NumberFormat('en-US');

/** `extract      running   3/12   1,204 records   2 failures`: one stage as a line. */
export function stageText(stage: StageProgress): string {
  const units = stage.total === undefined ? `${stage.done}` : `${stage.done}/${stage.total}`;
  const counts = [countWords(stage.records, 'record', 'records')];
  if (stage.failures > 0) counts.push(countWords(stage.failures, 'failure', 'failures'));
  return `${stage.name.padEnd(14)} ${stage.state.padEnd(8)} ${units.padStart(7)}   ${counts.join('   ')}`;
}

/** `1,204/s`, `0.4/s`, or nothing while there is nothing to divide. */
export function rateText(records: number, milliseconds: number): string {
  if (records === 0 || milliseconds < 200) return '';
  const perSecond = (1000 * records) / milliseconds;
  return `${perSecond >= 10 ? numbers.format(Math.round(perSecond)) : perSecond.toFixed(1)}/s`;
}

/** `about 12 s left`, `about 3 min left`: from the finished share and the time that it took. */
export function remainingText(done: number, total: number, milliseconds: number): string {
  if (done === 0 || done >= total || milliseconds < 1_000) return '';
  const seconds = Math.ceil((milliseconds * (total - done)) / done / 1000);
  return seconds < 90 ? `about ${seconds} s left` : `about ${Math.round(seconds / 60)} min left`;
}

/** `12 s`: for a stage where nothing is finished yet, so that it is seen to be alive. */
export function elapsedText(milliseconds: number): string {
  return milliseconds < 1_000 ? '' : `${Math.floor(milliseconds / 1000)} s`;
}
