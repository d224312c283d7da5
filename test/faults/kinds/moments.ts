import { readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProxiedCall } from '../../services/fault-proxy.js';
import type { Dice } from '../seeds.js';
import type { CleanRun, KindTrial } from './kinds-lab.js';
import { STAGED_WORK, type Moment } from './stages.js';

/** What the run waits for a fault that takes longer, milliseconds: it meets what it makes of things meanwhile. */
const MOST_HOLD_MS = 300;

export interface Meeting {
  readonly moment: Moment;
  readonly clean: CleanRun;
  readonly dice: Dice;
}

/** Does something once, when the run that is about to begin comes to a moment that the dice choose. */
export function atMoment(trial: KindTrial, meeting: Meeting, what: () => Promise<void>): Met {
  let begun = false;
  const over = new Promise<void>((resolve, reject) => {
    const strike = async (): Promise<void> => {
      begun = true;
      const struck = what();
      struck.then(resolve, reject);
      await Promise.race([struck.catch(() => undefined), sleep(MOST_HOLD_MS)]);
    };
    when(trial, meeting, strike).catch(reject);
  });
  return { begun: () => begun, over };
}

interface Met {
  readonly begun: () => boolean;
  readonly over: Promise<void>;
}

async function when(trial: KindTrial, meeting: Meeting, strike: () => Promise<void>): Promise<void> {
  const { moment, clean, dice } = meeting;
  if (moment === 'reads') {
    const at = dice.number(Math.ceil(0.2 * clean.sent), Math.floor(0.8 * clean.sent));
    let sent = 0;
    trial.source.onSent(() => {
      sent += 1;
      if (sent !== at) return undefined;
      trial.source.onSent(() => undefined);
      return strike();
    });
  } else if (moment === 'publishes') {
    const at = dice.number(1, clean.writes);
    let writes = 0;
    trial.disturb((call) => {
      writes += isWrite(call) ? 1 : 0;
      if (writes !== at) return undefined;
      trial.disturb(() => undefined);
      return { kind: 'before', then: strike };
    });
  } else {
    await untilStaged(trial);
    await strike();
  }
}

/** A call that brings records, not one about the run or the service. */
export function isWrite({ method, path: called }: ProxiedCall): boolean {
  return method !== 'GET' && !/\/services\/|\/pipelineStatus|\/progress|\/logs/.test(called);
}

async function untilStaged({ staging, kind }: KindTrial): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(2))
    if (entries(path.join(staging, 'runs')).some((name) => name.split(path.sep)[1] === STAGED_WORK[kind])) return;
  throw new Error(`nothing was staged as ${STAGED_WORK[kind]} within a minute`);
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.entry'));
  } catch {
    return [];
  }
}
