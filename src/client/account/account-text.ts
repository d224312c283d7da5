import { harmlessLine } from '../../errors/index.js';
import { printReport } from '../../report/index.js';
import { failureCauses } from './failure-causes.js';
import type { RunAccount } from './run-account.js';
import type { StageSpans } from './run-timeline.js';
import { stepChanges } from './step-changes.js';
import { countWords } from '../../contract/count-words.js';

/** Entities named per cause. */
const NAMED = 3;

/** An account for a terminal. */
export function accountText({ report, stages, before }: RunAccount): string {
  const parts = [printReport(report)];
  if (stages.length > 0) parts.push(`Stages:\n${stages.map(stageLine).join('\n')}`);
  const causes = failureCauses(report);
  if (causes.length > 0)
    parts.push(
      `Failures by cause:\n${causes
        .map(({ step, example, count, entities }) => {
          const more = entities.length > NAMED ? ', …' : '';
          const names =
            entities.length === 0 ? '' : `\n      ${harmlessLine(entities.slice(0, NAMED).join(', '))}${more}`;
          return `  ${count} × ${step}: ${harmlessLine(example)}${names}`;
        })
        .join('\n')}`
    );
  if (before !== undefined) parts.push(changesText(before, report));
  return parts.join('\n\n');
}

function changesText(before: NonNullable<RunAccount['before']>, report: RunAccount['report']): string {
  const head = `Since the run that ended ${new Date(before.finishedAt).toISOString()} (${before.state})`;
  const changes = stepChanges(before, report);
  if (changes.length === 0) return `${head}: all counts are the same.`;
  return `${head}:\n${changes.map(({ step, count, before: was, now }) => `  ${step} ${count}: ${was} → ${now}`).join('\n')}`;
}

function stageLine({ stage, spans }: StageSpans): string {
  const begun = Math.min(...spans.map(({ scheduledAt }) => scheduledAt));
  const ended = Math.max(...spans.map(({ endedAt }) => endedAt));
  const again = spans.reduce((sum, { attempts }) => sum + Math.max(0, attempts - 1), 0);
  const failed = spans.filter(({ outcome }) => outcome !== 'completed').length;
  const notes = [
    spans.length > 1 ? `${spans.length} activities` : '',
    again > 0 ? countWords(again, 'repeated attempt', 'repeated attempts') : '',
    failed > 0 ? `${failed} not completed` : '',
  ].filter((note) => note !== '');
  return `  ${harmlessLine(stage).padEnd(22)}${((ended - begun) / 1000).toFixed(1).padStart(8)} s${notes.length > 0 ? `   ${notes.join(', ')}` : ''}`;
}
