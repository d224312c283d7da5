import type { Doubt, ScopeRef, SourceEntity } from '../../source.js';
import { liveness, probeRoutines } from './account-usage-queries.js';
import { answers } from './answers.js';
import { grantAccountUsage } from './grants.js';
import { objectFates } from './object-fates.js';
import type { Session } from '../session/session.js';
import type { Sight } from './visibility.js';

export interface DoubtInput {
  readonly session: Session;
  readonly sight: Sight;
  readonly role: string;
  readonly accountUsageSchema: string;
}

/** Account usage is at most two hours late; one more hour for clocks that differ. */
const LAG_MS = 3 * 3_600_000;
const UNKNOWN = 'Account usage does not know them.';

/**
 * The names whose absence from the listing proves nothing. A grant disappears with its object, so rights alone can't
 * tell a drop from a revoke. Account usage can: it keeps what was dropped, though it lags by up to two hours. A role
 * that may manage grants sees everything.
 */
export async function snowflakeDoubts(
  input: DoubtInput,
  scope: ScopeRef,
  entity: SourceEntity,
  names: readonly string[]
): Promise<readonly Doubt[]> {
  const { session, sight, role, accountUsageSchema } = input;
  if (names.length === 0) return [];
  const grant = grantAccountUsage(accountUsageSchema, role);
  const all = (kind: Doubt['kind'], reason: string): Doubt[] => names.map((name) => ({ name, kind, reason }));
  if (sight.rights === undefined) return all('hidden', `The grants of role ${role} can't be listed.`);
  if (sight.seesAll) return [];
  const unreadable = `Role ${role} may not read account usage, which tells a drop from a lost right. Mend it by ${grant}`;
  switch (entity) {
    case 'procedure': {
      // They are listed from account usage, which shows all of them, or else not all.
      if ((await answers(session, () => session.all(probeRoutines(accountUsageSchema)))) !== undefined) return [];
      const reason = `Role ${role} may not read ${accountUsageSchema}.PROCEDURES and FUNCTIONS. Mend it by ${grant}`;
      return all('hidden', reason);
    }
    case 'table': {
      const place = { database: scope.database ?? '', schema: scope.schema ?? '' };
      const { byName, readable, ownersKnown } = await objectFates(session, accountUsageSchema, place, names);
      if (!readable.has('TABLES')) return all('hidden', unreadable);
      const unknown = (): Omit<Doubt, 'name'> => {
        if (ownersKnown) return { kind: 'recent', lagMs: LAG_MS, reason: UNKNOWN };
        if (readable.has('GRANTS_TO_ROLES')) return { kind: 'unproven', reason: UNKNOWN };
        const reason = `${UNKNOWN} Of streams and of what was renamed only its view GRANTS_TO_ROLES tells, which role ${role} may not read. Mend it by ${grant}`;
        return { kind: 'hidden', reason };
      };
      return judged(names, (name) => byName.get(name), unknown, role);
    }
    default: {
      const rows = await answers(session, () => session.all(liveness(accountUsageSchema, scope, entity, names)));
      if (rows === undefined) return all('hidden', unreadable);
      const live = new Map(rows.map((row) => [row.text('NAME'), (row.optionalNumber('LIVE_ROWS') ?? 0) > 0]));
      const fate = (name: string): 'live' | 'dropped' | undefined => {
        const isLive = live.get(name);
        return isLive === undefined ? undefined : isLive ? 'live' : 'dropped';
      };
      return judged(names, fate, () => ({ kind: 'unproven', reason: UNKNOWN }), role);
    }
  }
}

function judged(
  names: readonly string[],
  fate: (name: string) => 'live' | 'dropped' | undefined,
  unknown: () => Omit<Doubt, 'name'>,
  role: string
): Doubt[] {
  const reason = `Account usage (up to two hours behind) still has them: dropped a moment ago, or role ${role} has lost its right on them.`;
  return names.flatMap((name): Doubt[] => {
    switch (fate(name)) {
      case 'dropped':
        return [];
      case 'live':
        return [{ name, kind: 'hidden', reason }];
      default:
        return [{ name, ...unknown() }];
    }
  });
}
