import { countWords } from '../../contract/count-words.js';
import { harmlessLine } from '../../errors/index.js';
import type { PlannedUsage } from '../../usage/index.js';

const numbers = new Intl.NumberFormat('en-US');

export interface UsagePlan extends PlannedUsage {
  readonly service: string;
  readonly queriesRead: number;
  readonly notes: readonly string[];
}

/** The plan for people to read: one line that sums it up, then a line per day and the most used tables. */
export function usagePlanText(plan: UsagePlan): string {
  const { service, queriesRead, days, heldElsewhere, tables, notes } = plan;
  const uses = days.reduce((sum, day) => sum + day.uses, 0);
  const held =
    heldElsewhere === 0 ? '' : ` (${countWords(heldElsewhere, 'more is', 'more are')} held by another service)`;
  const lines = [
    `A run of ${service} now: ${countWords(queriesRead, 'query', 'queries')} read, ${countWords(uses, 'use', 'uses')} to send, ${texts(plan)}${held}, ${costRecords(plan)}${unchanged(plan)}${different(plan)}. Nothing was written.`,
  ];
  if (days.length > 0) lines.push('', 'by day');
  for (const day of days) {
    const kept = day.larger === 0 ? '' : `, ${countWords(day.larger, 'stays', 'stay')} larger than the log shows`;
    lines.push(
      `  ${day.date}  ${countWords(day.uses, 'use', 'uses')} of ${countWords(day.tables, 'table', 'tables')}, ${numbers.format(day.unchanged)} unchanged${kept}`
    );
  }
  if (tables.length > 0)
    lines.push('', 'most used', ...tables.map(({ fqn, uses: count }) => `  ${fqn}  ${numbers.format(count)}`));
  if (notes.length > 0) lines.push('', 'notes', ...notes.map((note) => `  ${note}`));
  return lines.map(harmlessLine).join('\n');
}

/** The most that they can be, where nobody looked which of them other services hold. */
function texts({ queries, queriesAtMost }: UsagePlan): string {
  return `${queriesAtMost ? 'at most ' : ''}${countWords(queries, 'text', 'texts')}`;
}

/** The most that they can be, where nothing tells which of them were sent. */
function costRecords({ costs, costsUnknown }: UsagePlan): string {
  const most = countWords(costs + costsUnknown, 'cost record', 'cost records');
  return costsUnknown === 0 ? most : `at most ${most}`;
}

function unchanged({ queriesUnchanged: texts, costsUnchanged: costs }: UsagePlan): string {
  if (texts + costs === 0) return '';
  const there = [
    ...(texts === 0 ? [] : [countWords(texts, 'text', 'texts')]),
    ...(costs === 0 ? [] : [countWords(costs, 'cost record', 'cost records')]),
  ];
  return `; ${there.join(' and ')} ${texts + costs === 1 ? 'is' : 'are'} there already`;
}

function different({ costsDifferent: costs }: UsagePlan): string {
  if (costs === 0) return '';
  const there = countWords(costs, 'cost record is', 'cost records are');
  return `; ${there} there with another cost, which stays`;
}
