import type { OpenMetadataClient } from '../openmetadata/index.js';
import type { PartRecorder } from '../report/index.js';
import type { SliceAddress, StageRun } from '../staging/index.js';

/** The part of the client that is used. */
export type UsageClient = Pick<OpenMetadataClient, 'queries' | 'queryCosts' | 'tables' | 'usage' | 'users'>;

export interface PublishUsageInput extends StageRun {
  readonly client: UsageClient;
  readonly from: SliceAddress;
  readonly to: SliceAddress;
  readonly service: string;
  readonly dialect: string;
  /** When the run began, milliseconds since the epoch: OpenMetadata keeps 30 days from here back. */
  readonly now: number;
  /** Days before this one, milliseconds since the epoch, are complete in the log: their costs are final. */
  readonly completeBefore: number;
  /** Parts sent at once. */
  readonly lanes: number;
  readonly signal: AbortSignal;
  /** Waits before the catalog is asked what became of a call, and says why. */
  readonly wait: (milliseconds: number, why: string) => Promise<void>;
  readonly recorder: PartRecorder;
}
