import { Option, type Command } from 'commander';
import { KIND_NAMES } from '../../contract/kinds.js';
import { OVERLAP_NAMES, type OverlapPolicy } from '../schedules/overlap-names.js';
import type { CommandContext } from './command-context.js';
import type * as Commands from './schedule-command.js';
import type { ApplyFlags } from './schedule-flags.js';

/** `om-ingest schedule …` */
export function registerSchedule(program: Command, context: CommandContext): void {
  const schedule = program
    .command('schedule')
    .description('schedules of runs: make, look at, pause, run now, backfill');
  const commands = (): Promise<typeof Commands> => import('./schedule-command.js');

  schedule
    .command('apply')
    .description('make schedules, or make existing ones as asked for: one from RECIPE and flags, or those of a file')
    .argument('[recipe]', "a recipe file, or a name in the worker's recipes folder")
    .option('--file <file>', 'YAML file of schedules instead of RECIPE and flags (docs/schedules.md)')
    .option('--cron <cron...>', "when: '0 3 * * *', @daily, '@every 6h'; several are united")
    .option('--time-zone <name>', 'IANA name by which cron is read (default UTC)')
    .option('--jitter <time>', 'put each start off by a random time up to this, such as 5m')
    .addOption(overlapOption('while an earlier run is under way (default Skip)'))
    .option('--catch-up <time>', 'make up for a start that Temporal missed by no more than this (default 10m)')
    .option('--no-pause-on-failure', 'continue after a failed run; otherwise the schedule is paused')
    .option('--paused', 'pause it; an existing one stays as it is otherwise')
    .option('--note <text>', 'shown beside the schedule')
    .option('--id <id>', "schedule id (default: the id of the recipe's runs)")
    .addOption(new Option('--kind <kind>', 'what the recipe does, when only the worker has it').choices(KIND_NAMES))
    .option('--recipes <dir>', 'recipes folder of the worker, as seen from here (OM_INGEST_RECIPES; default ./recipes)')
    .option('--task-queue <name>', 'queue of the workers (OM_INGEST_TASK_QUEUE; default openmetadata-ingestion)')
    .action(async (recipe: string | undefined, flags: ApplyFlags) =>
      context.finish(await (await commands()).applySchedules(recipe, flags, context.terminal))
    );
  schedule
    .command('list')
    .description('ingestion schedules of the namespace')
    .option('--json', 'print them as JSON')
    .action(async (flags: { json?: boolean }) =>
      context.finish(await (await commands()).listSchedules(flags, context.terminal))
    );
  schedule
    .command('show')
    .description('one schedule: its settings, next and last runs')
    .argument('<id>')
    .option('--json', 'print it as JSON')
    .action(async (id: string, flags: { json?: boolean }) =>
      context.finish(await (await commands()).showSchedule(id, flags, context.terminal))
    );
  for (const [name, description] of [
    ['pause', 'no runs from now on; one that is running continues'],
    ['resume', 'runs again; what was due meanwhile is not made up for'],
  ] as const) {
    schedule
      .command(name)
      .description(description)
      .argument('<id>')
      .option('--note <text>', 'why, shown beside the schedule')
      .action(async (id: string, flags: { note?: string }) =>
        context.finish(await (await commands()).switchSchedule(name, id, flags.note, context.terminal))
      );
  }
  schedule
    .command('trigger')
    .description('a run now, by the overlap policy')
    .argument('<id>')
    .addOption(overlapOption("other than the schedule's"))
    .option('--wait', 'follow the run to its end and print its report; the exit code is that of `run`')
    .action(async (id: string, flags: { overlap?: OverlapPolicy; wait?: boolean }) =>
      context.finish(await (await commands()).triggerSchedule(id, flags, context.terminal))
    );
  schedule
    .command('backfill')
    .description('runs for past nominal times, as if it were then')
    .argument('<id>')
    .requiredOption('--from <time>', '2026-11-15 (from its start, UTC) or 2026-11-15T03:00:00Z')
    .requiredOption('--to <time>', '2026-11-21 (to its end, UTC) or 2026-11-21T03:00:00Z')
    .addOption(overlapOption('default BufferAll: one after the other'))
    .action(async (id: string, flags: { from: string; to: string; overlap?: OverlapPolicy }) =>
      context.finish(await (await commands()).backfillSchedule(id, flags, context.terminal))
    );
  schedule
    .command('delete')
    .description('delete a schedule; its runs continue')
    .argument('<id>')
    .action(async (id: string) => context.finish(await (await commands()).deleteSchedule(id, context.terminal)));
}

function overlapOption(description: string): Option {
  return new Option('--overlap <policy>', description).choices(OVERLAP_NAMES);
}
