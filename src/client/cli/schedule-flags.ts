import type { WorkflowKind } from '../../contract/kinds.js';
import type { OverlapPolicy } from '../schedules/overlap-names.js';

/** Flags of `om-ingest schedule apply`. */
export interface ApplyFlags {
  readonly file?: string;
  readonly cron?: readonly string[];
  readonly timeZone?: string;
  readonly jitter?: string;
  readonly overlap?: OverlapPolicy;
  readonly catchUp?: string;
  readonly pauseOnFailure: boolean;
  readonly paused?: boolean;
  readonly note?: string;
  readonly id?: string;
  readonly kind?: WorkflowKind;
  readonly recipes?: string;
  readonly taskQueue?: string;
}
