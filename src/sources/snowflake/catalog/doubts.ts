import { IngestionError } from '../../../errors/index.js';
import type { Doubt, ScopeRef, SourceEntity } from '../../source.js';
import { liveness, probeRoutines } from './account-usage-queries.js';
import { grantAccountUsage } from './grants.js';
import type { Session } from '../session/session.js';
import type { Sight } from './visibility.js';

export interface DoubtInput {
  readonly session: Session;
  readonly sight: Sight;
  readonly role: string;
  readonly accountUsageSchema: string;
}

/**
 * Of names that are not listed, those of which that proves nothing. A grant goes with what it is on, so that rights alone can't tell a drop from
 * a revoke: account usage can, which keeps what was dropped, and lags by up to two hours. A role that may manage grants sees everything.
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
  if (entity === 'procedure') {
    // They are listed from account usage, which shows all of them, or else not all.
    if (await answers(session, () => session.all(probeRoutines(accountUsageSchema)))) return [];
    return all(
      'hidden',
      `Role ${role} may not read ${accountUsageSchema}.PROCEDURES and FUNCTIONS. Mend it by ${grant}`
    );
  }
  const known = new Map<string, boolean>();
  const statement = liveness(accountUsageSchema, scope, entity, names);
  const readable = await answers(session, async () => {
    for (const row of await session.all(statement))
      known.set(row.text('NAME'), (row.optionalNumber('LIVE_ROWS') ?? 0) > 0);
  });
  if (!readable)
    return all(
      'hidden',
      `Role ${role} may not read account usage, which tells a drop from a lost right. Mend it by ${grant}`
    );
  return names.flatMap((name): Doubt[] => {
    const live = known.get(name);
    if (live === undefined) return [{ name, kind: 'unproven', reason: 'Account usage does not know them.' }];
    const reason = `Account usage (up to two hours behind) still has them: dropped a moment ago, or role ${role} has lost its right on them.`;
    return live ? [{ name, kind: 'hidden', reason }] : [];
  });
}

/** False when the role is refused what is asked. */
async function answers(session: Session, ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (error) {
    session.context.signal.throwIfAborted();
    if (error instanceof IngestionError && error.consequence === 'permanent') return false;
    throw error;
  }
}
