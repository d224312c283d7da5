import { beginning } from '../errors/index.js';
import type { PartRecorder } from '../report/index.js';
import { dayText } from '../sources/index.js';
import { countWords } from '../contract/count-words.js';
import type { CostChanges } from './remember-costs.js';
import type { PublishedLine } from './published-line.js';
import { DAYS_KEPT } from './utc-day.js';

/** Tables and days that a note names. */
const NAMED = 10;
/** Texts that a note shows, and characters of each. */
const SHOWN = 3;
const SHOWN_CHARACTERS = 60;

/**
 * What is reported once about everything a run published; made from its staged lines, so that it is the same after a
 * crash.
 */
export class PublishedSummary {
  /** Days of which the catalog has counts of this run. */
  readonly #counted = new Set<number>();
  readonly #tooOld = new Set<number>();
  readonly #toCome = new Set<number>();
  readonly #waiting = new Set<number>();
  readonly #larger: string[] = [];
  #largerCount = 0;
  readonly #unclear: string[] = [];
  #unclearCount = 0;
  readonly #held: string[] = [];
  #heldCount = 0;
  #costsLost = 0;
  #lostSum = 0;

  /** @param today midnight UTC of the day on which the run began */
  constructor(private readonly today: number) {}

  add(line: PublishedLine): void {
    if (line.kind === 'cost') {
      if (line.outcome === 'waiting') this.#waiting.add(line.day);
      if (line.outcome === 'no query') {
        this.#costsLost += 1;
        this.#lostSum += line.cost;
      }
      return;
    }
    if (line.kind === 'query') {
      this.#heldCount += 1;
      if (this.#held.length < SHOWN) this.#held.push(cut(line.text));
      return;
    }
    const { fqn, day, count, outcome, larger, unclearJoins } = line;
    if (outcome === 'written' || outcome === 'unchanged') this.#counted.add(day);
    if (outcome === 'filtered') (day > this.today ? this.#toCome : this.#tooOld).add(day);
    if (larger === undefined) return;
    this.#largerCount += 1;
    if (unclearJoins !== undefined) this.#addUnclear(`${fqn} on ${dayText(day)} (${unclearJoins} left out)`);
    if (this.#larger.length < NAMED) this.#larger.push(`${fqn} on ${dayText(day)} (${larger} stored, ${count} read)`);
  }

  /** The oldest first. */
  get counted(): number[] {
    return sorted(this.#counted);
  }

  /** @param costs left out by a plan, which sends none */
  report(recorder: PartRecorder, costs?: CostChanges): void {
    if (this.#tooOld.size > 0)
      recorder.warning(
        'sink',
        `OpenMetadata keeps usage for ${DAYS_KEPT} days: that of ${dates(this.#tooOld)} is older and was left out.`
      );
    if (this.#toCome.size > 0)
      recorder.warning(
        'sink',
        `The log has queries of ${dates(this.#toCome)}, which ${this.#toCome.size === 1 ? 'has' : 'have'} not begun in UTC: they were left out, and count for a run on that day. Times without a zone are taken for UTC.`
      );
    if (this.#largerCount > 0) {
      const more = this.#largerCount > NAMED ? `, … (${this.#largerCount} in all)` : '';
      recorder.warning(
        'sink',
        `The catalog has more uses than the log shows now, and keeps them: ${this.#larger.join(', ')}${more}. A log that was cut or rotated, resultLimit and user filters make a log show less than before.`
      );
    }
    this.#reportUnclear(recorder);
    this.#reportHeld(recorder);
    for (const day of sorted(this.#waiting))
      recorder.note(
        `Costs of ${dayText(day)} are sent by a later run: the day is not complete in the log yet, and a cost record can't be changed.`
      );
    if (costs !== undefined) this.#reportCosts(recorder, costs);
  }

  #addUnclear(named: string): void {
    this.#unclearCount += 1;
    if (this.#unclear.length < NAMED) this.#unclear.push(named);
  }

  #reportUnclear(recorder: PartRecorder): void {
    if (this.#unclearCount === 0) return;
    const more = this.#unclearCount > NAMED ? `, … (${this.#unclearCount} in all)` : '';
    recorder.warning(
      'sink',
      `Joins may be fewer in the catalog than the log shows, where it has more uses: ${this.#unclear.join(', ')}${more}. It tells joins as one sum of ${DAYS_KEPT} days, and nothing that this worker's staging store keeps tells those of the day; sent, they would replace what may be more.`
    );
  }

  /** Counts of tables and joins are whole without these. */
  #reportHeld(recorder: PartRecorder): void {
    if (this.#heldCount > 0) {
      const more = this.#heldCount > SHOWN ? ` · … (${this.#heldCount} in all)` : '';
      recorder.warning(
        'sink',
        `OpenMetadata keeps each query text once in all, and another service or name has ${countWords(this.#heldCount, 'text', 'texts')} of this log: there ${this.#heldCount === 1 ? 'it stays, and is' : 'they stay, and are'} not stored with the tables and users of this service: ${this.#held.join(' · ')}${more}`
      );
    }
    if (this.#costsLost > 0)
      recorder.warning(
        'sink',
        `${countWords(this.#costsLost, 'cost record', 'cost records')}, ${this.#lostSum.toFixed(2)} in all, can't be sent: ${this.#costsLost === 1 ? 'its text is' : 'their texts are'} not stored under this service.`
      );
  }

  #reportCosts(recorder: PartRecorder, { days, unknown }: CostChanges): void {
    if (days.size > 0) {
      const changes = [...days]
        .sort(([one], [other]) => one - other)
        .map(([day, { texts, difference }]) => {
          const sign = difference < 0 ? '' : '+';
          return `${dayText(day)} ${sign}${difference.toFixed(2)} of ${countWords(texts, 'text', 'texts')}`;
        });
      recorder.warning(
        'sink',
        `Costs are others than those that were sent, and a cost record can't be changed, so that the catalog keeps the earlier ones: ${named(changes)}.`
      );
    }
    if (unknown > 0)
      recorder.note(
        `${countWords(unknown, 'cost record was', 'cost records were')} in the catalog already, and nothing that this worker's staging store keeps tells what ${unknown === 1 ? 'it says' : 'they say'}: from now on changes are reported.`
      );
  }
}

function cut(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > SHOWN_CHARACTERS ? `${beginning(line, SHOWN_CHARACTERS)}…` : line;
}

function sorted(days: ReadonlySet<number>): number[] {
  return [...days].sort((left, right) => left - right);
}

function dates(days: ReadonlySet<number>): string {
  return named(sorted(days).map(dayText));
}

function named(all: readonly string[]): string {
  const more = all.length > NAMED ? `, … (${all.length} in all)` : '';
  return `${all.slice(0, NAMED).join(', ')}${more}`;
}
