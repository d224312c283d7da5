import type { RunIdentity, RunPlan, StageInput, StageResult } from '../contract/run-plan.js';
import type { StageCursor } from './input.js';
import type { LoadedSide } from '../contract/shared-load.js';
import type { Lanes } from './lanes.js';
import type { Pause } from './pause.js';
import type { Pressure } from './pressure.js';
import type { RunState } from './run-state.js';
import { SessionPermits } from './session-permits.js';
import { StoreCalls, type CalledActivities } from './store-calls.js';

export interface StagedRunInput<Kept> {
  readonly identity: RunIdentity;
  readonly plan: RunPlan;
  readonly state: RunState;
  readonly pause: Pause;
  readonly pressure: Pressure;
  readonly kept: Kept;
}

/** What the stages of a kind work with: a run that is prepared. */
export class StagedRun<Kept> {
  readonly identity: RunIdentity;
  readonly plan: RunPlan;
  readonly state: RunState;
  /** What the kind remembers from stage to stage: small plain JSON, since it goes through each continue-as-new. */
  readonly kept: Kept;
  readonly #pause: Pause;
  readonly #pressure: Pressure;
  readonly #permits: SessionPermits;
  readonly #calls: StoreCalls;
  #firstUnit = 0;
  #left: number | undefined;
  /** While the input of an activity is made that reads the source. */
  #sessions: number | undefined;

  constructor({ identity, plan, state, pause, pressure, kept }: StagedRunInput<Kept>) {
    this.identity = identity;
    this.plan = plan;
    this.state = state;
    this.kept = kept;
    this.#pause = pause;
    this.#pressure = pressure;
    this.#permits = new SessionPermits(plan.sessions, state);
    this.#calls = new StoreCalls(plan);
  }

  /** First argument of every stage's activity. */
  get stage(): StageInput {
    const sessions = this.#sessions;
    return { identity: this.identity, plan: this.plan, ...(sessions === undefined ? {} : { sessions }) };
  }

  /**
   * Calls an activity that reads the source: with sessions granted from the source's shared limit, and not while the
   * source asks to slow down.
   * @param task has to read `stage` before it waits for anything: it says how many sessions were granted
   */
  async read<T>(summary: string, task: (activities: CalledActivities) => Promise<T>): Promise<T> {
    await this.#pressure.over('source');
    return this.#permits.run((sessions) =>
      this.work(summary, (activities) => {
        this.#sessions = sessions;
        try {
          return task(activities);
        } finally {
          this.#sessions = undefined;
        }
      })
    );
  }

  /** The same for an activity that publishes as well. */
  async readAndPublish<T>(summary: string, task: (activities: CalledActivities) => Promise<T>): Promise<T> {
    await this.#pressure.overOther('catalog');
    return this.read(summary, task);
  }

  /** Calls an activity that reads staged chunks, on the store's queue. */
  async work<T>(summary: string, task: (activities: CalledActivities) => Promise<T>): Promise<T> {
    await this.#pause.over();
    return this.#calls.call('work', summary, task);
  }

  /** Calls an activity that parses SQL, on the store's queue for that. */
  async parse<T>(summary: string, task: (activities: CalledActivities) => Promise<T>): Promise<T> {
    await this.#pause.over();
    return this.#calls.call('parse', summary, task);
  }

  /**
   * Calls an activity that publishes, on the store's own queue for that; and again after a while if OpenMetadata asks
   * to slow down.
   */
  async publish<T extends StageResult>(
    lanes: Lanes,
    summary: string,
    task: (activities: CalledActivities) => Promise<T>
  ): Promise<T> {
    return lanes.slowedDown(async () => {
      await this.#pause.over();
      await this.#pressure.over('catalog');
      return this.#calls.call('publish', summary, task);
    }, waitShownBy(this.state));
  }

  /**
   * Lanes for what reads the source, or for what publishes: also narrowed when another run on the same source or
   * catalog is asked to slow down.
   * @param other for what does both
   */
  lanes(side: LoadedSide, limit: number, other?: LoadedSide): Lanes {
    return this.#pressure.lanes(side, limit, other);
  }

  /** For work that doesn't go through `work` or `publish`. */
  async whenUnpaused(): Promise<void> {
    await this.#pause.over();
  }

  /** A stage of one unit, shown in the progress under a name. */
  async single<T extends StageResult>(name: string, task: () => Promise<T>): Promise<T> {
    this.state.startStage(name, 1);
    const result = await task();
    this.state.finishUnit(name, result.part);
    this.state.endStage(name);
    return result;
  }

  /** The unit that the current stage begins with: 0 except after a continue-as-new. */
  get firstUnit(): number {
    return this.#firstUnit;
  }

  /** The current stage still has the units from this one on to do, after a continue-as-new. */
  leaveUnits(next: number): void {
    this.#left = next;
  }

  /** For the frame: a stage begins. */
  beginStage(firstUnit: number): void {
    this.#firstUnit = firstUnit;
    this.#left = undefined;
    this.#pressure.forgetLanes();
  }

  /** For the frame: where to continue as new, when the stage left units. */
  cursorIn(stage: string): StageCursor | undefined {
    return this.#left === undefined ? undefined : { stage, unit: this.#left };
  }
}

const SLOWED = 'wait for OpenMetadata, which asks to slow down';

/** As a separate stage in the progress, for as long as one of the lanes waits. */
function waitShownBy(state: RunState): (milliseconds: number | undefined) => void {
  return (milliseconds) => {
    if (milliseconds === undefined) state.endStage(SLOWED);
    else state.startStage(SLOWED);
  };
}
