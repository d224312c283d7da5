import type { OpenMetadataClient, ProfilerSettings } from '../openmetadata/index.js';
import type { ProfilerRecipe } from '../recipe/index.js';
import type { PartRecorder } from '../report/index.js';
import type { MeasureSession, MeasureSource } from '../sources/index.js';
import type { SliceAddress, StageRun } from '../staging/index.js';
import type { UnitTable } from './plan-units.js';

export interface ProfileUnitStage extends StageRun {
  readonly recorder: PartRecorder;
  readonly signal: AbortSignal;
  readonly client: Pick<OpenMetadataClient, 'profiles'>;
  readonly recipe: ProfilerRecipe;
  readonly server: ProfilerSettings | undefined;
  readonly tables: readonly UnitTable[];
  readonly source: MeasureSource;
  /** Opens the unit's session; called when the first table's turn comes. */
  readonly openSession: (onTime: (milliseconds: number) => void) => Promise<MeasureSession>;
  /** Where time windows count back from. */
  readonly now: number;
  /** Time of the profiles, epoch milliseconds. */
  readonly timestamp: number;
  readonly allowance?: { readonly statements?: number; readonly seconds?: number };
  /** What the allowance is not enough for stays open for another call. */
  readonly mayGetMore?: boolean;
  readonly profiles: SliceAddress;
  readonly published: SliceAddress;
  /** Waits before a table is tried again, and says why; default: says nothing. */
  readonly wait?: (milliseconds: number, why: string) => Promise<void>;
  /** Milliseconds before a statement that failed for a moment is sent again; default: 5,000 and 10,000. */
  readonly statementWaits?: readonly number[];
}
