import Table from 'cli-table3';
import { beginning, harmlessLine } from '../../errors/index.js';
import { durationText, type ScheduleDetails, type ScheduledRun, type ScheduleOverview } from '../schedules/index.js';

/** Past and future runs shown, each. */
const SHOWN = 5;

export function overviewTable(schedules: readonly ScheduleOverview[]): string {
  const table = new Table({
    head: ['schedule', 'cron', 'time zone', 'state', 'next', 'last run'],
    style: { head: [], border: [] },
  });
  for (const { scheduleId, cron, timeZone, paused, note, next, recent } of schedules) {
    const state = paused ? `paused${note === undefined ? '' : `: ${note}`}` : 'active';
    const last = recent.at(-1);
    table.push([
      harmlessLine(scheduleId),
      cron.map(harmlessLine).join('\n'),
      harmlessLine(timeZone),
      harmlessLine(state),
      paused ? '' : timeText(next[0]),
      last === undefined ? '' : timeText(last.startedAt),
    ]);
  }
  return table.toString();
}

export function detailsText(schedule: ScheduleDetails): string {
  const { next, recent, running } = schedule;
  const lines: (readonly [string, string])[] = [
    ['schedule', schedule.scheduleId],
    ['runs', `${schedule.workflowType} on ${schedule.taskQueue}, input ${shortened(JSON.stringify(schedule.input))}`],
    ['cron', `${schedule.cron.join(', ')} ${schedule.timeZone}`],
    ['jitter', schedule.jitterMs === 0 ? 'none' : `up to ${durationText(schedule.jitterMs)}`],
    ['overlap', schedule.overlap],
    ['catch-up', durationText(schedule.catchUpMs)],
    ['on failure', schedule.pauseOnFailure ? 'pauses' : 'goes on'],
    ['state', `${schedule.paused ? 'paused' : 'active'}${schedule.note === undefined ? '' : `: ${schedule.note}`}`],
    ['taken', `${schedule.taken}, skipped ${schedule.skipped}, missed ${schedule.missed}`],
    ...next.slice(0, SHOWN).map((time, index) => [index === 0 ? 'next' : '', timeText(time)] as const),
    ...running.map((id, index) => [index === 0 ? 'under way' : '', id] as const),
    ...recent.slice(-SHOWN).map((run, index) => [index === 0 ? 'last runs' : '', runText(run)] as const),
  ];
  return lines.map(([name, value]) => harmlessLine(`${name.padEnd(11)} ${value}`.trimEnd())).join('\n');
}

function runText({ workflowId, startedAt }: ScheduledRun): string {
  return `${workflowId} started ${timeText(startedAt)}`;
}

function timeText(time: Date | undefined): string {
  return time === undefined ? 'never' : time.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** A recipe sent as text would fill the screen. */
function shortened(text: string): string {
  return text.length <= 200 ? text : `${beginning(text, 199)}…`;
}
