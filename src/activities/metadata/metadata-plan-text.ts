import { harmlessLine } from '../../errors/index.js';
import type { Listed, PlannedChanges } from '../../metadata/index.js';

const numbers = new Intl.NumberFormat('en-US');

const KINDS = {
  databases: 'databases',
  databaseSchemas: 'schemas',
  tables: 'tables and views',
  storedProcedures: 'procedures',
} as const;
const VERBS = { created: 'create', updated: 'update', deleted: 'mark deleted' } as const;
type Kind = keyof typeof KINDS;
type Verb = keyof typeof VERBS;

/** The plan for people: one line that sums it up, then the lists. */
export function planText(plan: PlannedChanges): string {
  const lines = [headline(plan)];
  if (!plan.serviceExists) lines.push('', `create the service ${plan.service}`);
  for (const verb of Object.keys(VERBS) as Verb[]) {
    for (const kind of Object.keys(KINDS) as Kind[]) {
      lines.push(...list(`${VERBS[verb]} ${KINDS[kind]}`, plan.changes[kind][verb], (fqn) => fqn));
    }
  }
  lines.push(...list('leave out', plan.leftOut, ({ entity, fqn, reason }) => `${entity} ${fqn}: ${reason}`));
  lines.push(...list('could not be read', plan.failures, ({ entity, error }) => `${entity}: ${error}`));
  if (plan.notes.length > 0) lines.push('', 'notes', ...plan.notes.map((note) => `  ${note}`));
  return lines.map(harmlessLine).join('\n');
}

function headline({ service, changes, unchanged, leftOut, failures }: PlannedChanges): string {
  const sum = (verb: Verb): number => Object.values(changes).reduce((total, each) => total + each[verb].count, 0);
  const parts = [
    `${numbers.format(sum('created'))} to create`,
    `${numbers.format(sum('updated'))} to update`,
    `${numbers.format(unchanged)} unchanged`,
    `${numbers.format(sum('deleted'))} to mark deleted`,
    `${numbers.format(leftOut.count)} left out`,
    ...(failures.count === 0 ? [] : [`${numbers.format(failures.count)} could not be read`]),
  ];
  return `A run of ${service} now: ${parts.join(', ')}. Nothing was written.`;
}

function list<T>(title: string, { count, first }: Listed<T>, text: (item: T) => string): string[] {
  if (count === 0) return [];
  const more = count - first.length;
  return [
    '',
    `${title} (${numbers.format(count)})`,
    ...first.map((item) => `  ${text(item)}`),
    ...(more === 0 ? [] : [`  … and ${numbers.format(more)} more`]),
  ];
}
