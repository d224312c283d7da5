import { readWorkerSettings } from '../../worker/settings.js';
import { createClient, type IngestionClient } from '../ingestion-client.js';
import {
  readScheduleFile,
  ScheduleError,
  type OverlapPolicy,
  type ScheduleEntry,
  type ScheduleOptions,
} from '../schedules/index.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { followToEnd } from './follow-to-end.js';
import { readRecipeArgument, type RecipeArgument } from './recipe-argument.js';
import type { ApplyFlags } from './schedule-flags.js';
import { detailsText, overviewTable } from './schedule-text.js';
import type { Terminal } from './terminal.js';

/** Creates or changes schedules. All recipes are read before the first schedule is touched. */
export async function applySchedules(
  recipe: string | undefined,
  flags: ApplyFlags,
  terminal: Terminal
): Promise<ExitCode> {
  const settings = readWorkerSettings(process.env, { recipesDir: flags.recipes, taskQueue: flags.taskQueue });
  const wanted = entriesOf(recipe, flags).map((entry) => ({
    entry,
    argument: readRecipeArgument(entry.recipe, {
      recipesDir: settings.recipesDir,
      // a name stays short and follows the file; text would be frozen into the schedule
      preferPath: true,
      ...(entry.kind === undefined ? {} : { kind: entry.kind }),
    }),
  }));
  return withClient(async (client) => {
    for (const { entry, argument } of wanted) {
      tellOf(argument, entry, terminal);
      const { scheduleId, outcome } = await client.schedules.apply(argument.reference, optionsOf(entry));
      const { next, timeZone, paused } = await client.schedules.show(scheduleId);
      const when = paused ? 'paused' : `next ${next[0]?.toISOString() ?? 'never'}`;
      terminal.out(`${scheduleId} ${outcome}: ${[entry.cron].flat().join(', ')} ${timeZone}, ${when}`);
    }
    return EXIT.success;
  }, settings.taskQueue);
}

export async function listSchedules(flags: { json?: boolean }, terminal: Terminal): Promise<ExitCode> {
  return withClient(async ({ schedules }) => {
    const all = [];
    for await (const overview of schedules.list()) all.push(overview);
    all.sort((left, right) => (left.scheduleId < right.scheduleId ? -1 : 1));
    if (flags.json === true) terminal.out(JSON.stringify(all));
    else terminal.outText(all.length === 0 ? 'no schedules' : overviewTable(all));
    return EXIT.success;
  });
}

export async function showSchedule(id: string, flags: { json?: boolean }, terminal: Terminal): Promise<ExitCode> {
  return withClient(async ({ schedules }) => {
    const details = await schedules.show(id);
    if (flags.json === true) terminal.out(JSON.stringify(details));
    else terminal.outText(detailsText(details));
    return EXIT.success;
  });
}

export async function switchSchedule(
  to: 'pause' | 'resume',
  id: string,
  note: string | undefined,
  terminal: Terminal
): Promise<ExitCode> {
  return withClient(async ({ schedules }) => {
    await schedules[to](id, note);
    terminal.out(`${id} ${to === 'pause' ? 'is paused' : 'runs again'}`);
    return EXIT.success;
  });
}

export async function triggerSchedule(
  id: string,
  flags: { overlap?: OverlapPolicy; wait?: boolean },
  terminal: Terminal
): Promise<ExitCode> {
  return withClient(async (client) => {
    const { wait, ...options } = flags;
    const { started, skippedFor } = await client.schedules.trigger(id, options);
    if (skippedFor !== undefined) {
      terminal.err(`${id} started nothing: ${skippedFor} is under way, and the overlap policy leaves the new run out.`);
      return EXIT.failed;
    }
    if (started === undefined) {
      terminal.out(`${id} is triggered; its run waits for an earlier one`);
      return EXIT.success;
    }
    if (wait !== true) {
      terminal.out(`run ${started}`);
      return EXIT.success;
    }
    terminal.err(`run ${started}`);
    return followToEnd(client, client.attach(started), terminal);
  });
}

export async function backfillSchedule(
  id: string,
  flags: { from: string; to: string; overlap?: OverlapPolicy },
  terminal: Terminal
): Promise<ExitCode> {
  return withClient(async ({ schedules }) => {
    await schedules.backfill(id, flags);
    terminal.out(`${id} runs for its nominal times from ${flags.from} to ${flags.to}`);
    return EXIT.success;
  });
}

export async function deleteSchedule(id: string, terminal: Terminal): Promise<ExitCode> {
  return withClient(async ({ schedules }) => {
    await schedules.delete(id);
    terminal.out(`${id} is deleted; running runs continue`);
    return EXIT.success;
  });
}

function entriesOf(recipe: string | undefined, flags: ApplyFlags): readonly ScheduleEntry[] {
  const { file, cron } = flags;
  if (file !== undefined) {
    if (recipe !== undefined || cron !== undefined)
      throw new ScheduleError('--file brings recipes and crons of its own: leave RECIPE and --cron out.');
    return readScheduleFile(file);
  }
  if (recipe === undefined || cron === undefined)
    throw new ScheduleError("A schedule needs RECIPE and --cron, such as --cron '0 3 * * *', or --file FILE.");
  const { timeZone, jitter, overlap, catchUp, pauseOnFailure, paused, note, id, kind, taskQueue } = flags;
  return [
    { recipe, cron: [...cron], timeZone, jitter, overlap, catchUp, pauseOnFailure, paused, note, id, kind, taskQueue },
  ];
}

function tellOf({ reference, warnings }: RecipeArgument, entry: ScheduleEntry, terminal: Terminal): void {
  for (const warning of warnings) terminal.err(warning, terminal.colors.yellow('warning:'));
  if ('recipeYaml' in reference)
    terminal.err(
      `${entry.recipe} is not in the recipes folder: the schedule keeps its text as it is now; apply it again after a change.`
    );
}

function optionsOf({ cron, id, ...entry }: ScheduleEntry): ScheduleOptions {
  const { timeZone, jitter, overlap, catchUp, pauseOnFailure, paused, note, taskQueue } = entry;
  return {
    cron,
    ...(id === undefined ? {} : { scheduleId: id }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(jitter === undefined ? {} : { jitter }),
    ...(overlap === undefined ? {} : { overlap }),
    ...(catchUp === undefined ? {} : { catchUp }),
    ...(pauseOnFailure === undefined ? {} : { pauseOnFailure }),
    ...(paused === undefined ? {} : { paused }),
    ...(note === undefined ? {} : { note }),
    ...(taskQueue === undefined ? {} : { taskQueue }),
  };
}

async function withClient(work: (client: IngestionClient) => Promise<ExitCode>, taskQueue?: string): Promise<ExitCode> {
  const client = await createClient(taskQueue === undefined ? {} : { taskQueue });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}
