import type { WorkflowExecutionDescription } from '@temporalio/client';

/** The deployment version whose workers alone take the run's tasks; nothing for a run of workers without versions. */
export function versionOf({ raw }: Pick<WorkflowExecutionDescription, 'raw'>): { readonly version?: string } {
  const info = raw.workflowExecutionInfo?.versioningInfo;
  const moving = info?.versionTransition?.deploymentVersion;
  const { deploymentName, buildId } =
    moving ?? info?.versioningOverride?.pinned?.version ?? info?.deploymentVersion ?? {};
  return typeof buildId === 'string' && buildId !== '' ? { version: `${deploymentName ?? ''} ${buildId}`.trim() } : {};
}
