import { defineQuery } from '@temporalio/workflow';
import { PROGRESS_QUERY } from '../contract/names.js';
import { NO_COUNTS } from '../contract/part-report.js';
import type { Progress, StageProgress } from '../contract/progress.js';
import { countWords } from '../contract/count-words.js';

/** A blank that the UI's markdown does not strip; HTML and entities it would show verbatim. */
const EMPTY_LINE = '\u00a0';

export const progressQuery = defineQuery<Progress>(PROGRESS_QUERY);

/**
 * The same as markdown, for the Temporal UI's current details: one line that sums it up, and a table of stages. The
 * stage under way comes first, and an empty line last: the UI's frame is a little lower than what it shows.
 */
export function progressMarkdown(progress: Progress): string {
  const { state, paused, service, steps } = progress;
  const { source = NO_COUNTS, sink = NO_COUNTS } = steps;
  const errors = Object.values(steps).reduce((all, step) => all + step.errors, 0);
  const summary = [
    `**${paused === true ? 'paused' : state}**`,
    ...(service === undefined ? [] : [`\`${service}\``]),
    [
      `${source.records} read`,
      `${sink.records} written`,
      ...(sink.unchanged === 0 ? [] : [`${sink.unchanged} unchanged`]),
      ...(errors === 0 ? [] : [countWords(errors, 'failure', 'failures')]),
    ].join(', '),
  ].join(' · ');
  const rows = [...progress.stages].reverse().map((stage) => {
    const share = stage.total === undefined ? `${stage.done}` : `${stage.done} / ${stage.total}`;
    return `| ${stage.name} | ${stage.state} | ${share} | ${stage.records} | ${rateOf(stage)} | ${stage.failures} |`;
  });
  if (rows.length === 0) return summary;
  const head = ['| stage | state | units | records | rate | failures |', '| --- | --- | ---: | ---: | ---: | ---: |'];
  return [summary, '', ...head, ...rows, '', EMPTY_LINE].join('\n');
}

/** `1204 /s`; empty where there is nothing to divide. */
function rateOf({ records, startedAt, changedAt }: StageProgress): string {
  const seconds = (changedAt - startedAt) / 1000;
  if (records === 0 || seconds <= 0) return '';
  const rate = records / seconds;
  return `${rate >= 10 ? Math.round(rate) : rate.toFixed(1)} /s`;
}
