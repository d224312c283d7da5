import type { StageResult } from '../contract/run-plan.js';
import { Lanes, lanesOf } from './lanes.js';
import type { StagedRun } from './staged-run.js';
import type { CalledActivities } from './store-calls.js';
import { eachUnit } from './units.js';

/** The most windows under way per lane: read, waiting to be parsed, parsed. */
const WINDOWS_AHEAD = 2;

type WindowTask = (activities: CalledActivities, unit: number) => Promise<StageResult>;

/** What a kind does with each window of the query log. */
interface WindowWork {
  readonly read: WindowTask;
  readonly parse: WindowTask;
  /** Name under which the progress counts parsed windows. */
  readonly parser: string;
}

/** Reads and parses window by window: while some are parsed, others are read. */
export async function readAndParseWindows(
  run: StagedRun<{ windows: number }>,
  { read, parse, parser }: WindowWork
): Promise<void> {
  const { kept, plan, state } = run;
  const reading = run.lanes('source', lanesOf(plan));
  const parsing = new Lanes(lanesOf(plan));
  const atOnce = lanesOf(plan) * WINDOWS_AHEAD;
  await eachUnit(run, { units: kept.windows, shown: ['read', parser], atOnce }, async (unit) => {
    const of = `window ${unit + 1} of ${kept.windows}`;
    const wasRead = await reading.run(() => run.read(`read ${of}`, (activities) => read(activities, unit)));
    state.finishUnit('read', wasRead.part);
    const parsed = await parsing.run(() => run.parse(`parse ${of}`, (activities) => parse(activities, unit)));
    state.finishUnit(parser, parsed.part);
  });
}
