import type { RunIdentity, RunPlan } from '../contract/run-plan.js';
import { NO_PART, type PartReport } from '../contract/part-report.js';
import { countsOf, errorsOf, mapSteps, mergeParts, trimPart } from '../report/part-report.js';
import type { Progress, StageProgress } from '../contract/progress.js';

/** The most failures and notes the workflow itself holds; the rest is staged and logged. */
const HELD_FAILURES = 20;

/**
 * What a running workflow knows about its progress. Pure bookkeeping, no I/O; in a workflow the clock is the history's.
 */
export class RunState {
  #phase: Progress['state'] = 'preparing';
  #service: string | undefined;
  #stages = new Map<string, StageProgress>();
  #part: PartReport;
  #paused = false;
  #changed: () => void = () => undefined;

  constructor(
    private readonly identity: RunIdentity,
    part: PartReport = NO_PART,
    private readonly now: () => number = Date.now
  ) {
    this.#part = part;
  }

  onChange(listener: () => void): void {
    this.#changed = listener;
  }

  begin(plan: RunPlan): void {
    this.#phase = 'running';
    this.#service = plan.service;
    this.#changed();
  }

  /** Forgets what was counted: the run starts again on another store. */
  reset(): void {
    this.#stages = new Map();
    this.#part = NO_PART;
    this.#phase = 'preparing';
    this.#changed();
  }

  /** Whether the run has stopped starting new work. */
  paused(paused: boolean): void {
    if (paused === this.#paused) return;
    this.#paused = paused;
    this.#changed();
  }

  finishing(): void {
    this.#phase = 'finishing';
    this.#changed();
  }

  /** The run is over, however it ended. */
  closed(): void {
    this.#phase = 'closed';
    this.#changed();
  }

  get part(): PartReport {
    return this.#part;
  }

  startStage(name: string, total?: number, done = 0): void {
    const startedAt = this.now();
    const times = { startedAt, changedAt: startedAt };
    const stage: StageProgress = { name, state: 'running', done, records: 0, failures: 0, ...times };
    this.#stages.set(name, total === undefined ? stage : { ...stage, total });
    this.#changed();
  }

  /** One unit of the stage is finished, with this share of the report. */
  finishUnit(name: string, part: PartReport): void {
    this.count(part);
    const stage = this.#stages.get(name);
    if (stage === undefined) return;
    this.#stages.set(name, {
      ...stage,
      done: stage.done + 1,
      records: stage.records + passedOn(part),
      failures: stage.failures + errorsOf(part),
      changedAt: this.now(),
    });
    this.#changed();
  }

  /** What a stage that the progress doesn't name counted. */
  count(part: PartReport): void {
    this.#part = trimPart(mergeParts(this.#part, part), HELD_FAILURES);
  }

  endStage(name: string, state: 'done' | 'failed' = 'done'): void {
    const stage = this.#stages.get(name);
    if (stage === undefined) return;
    this.#stages.set(name, { ...stage, state });
    this.#changed();
  }

  progress(): Progress {
    return {
      state: this.#phase,
      ...(this.#paused ? { paused: true } : {}),
      ...(this.#service === undefined ? {} : { service: this.#service }),
      pipelineRunId: this.identity.pipelineRunId,
      startedAt: this.identity.startedAt,
      stages: [...this.#stages.values()],
      steps: mapSteps(this.#part.steps, ({ counts }) => counts),
    };
  }
}

/**
 * What a stage passed on; for the sink, also what the catalog already has. A record that goes through several of its
 * steps counts once.
 */
function passedOn(part: PartReport): number {
  const { records, unchanged } = countsOf(part, 'sink');
  return Math.max(records + unchanged, ...Object.values(part.steps).map(({ counts }) => counts.records));
}
