/** Names with which people and clients address a running workflow. They never change. */
export const PROGRESS_QUERY = 'progress';
export const PAUSE_SIGNAL = 'pause';
export const RESUME_SIGNAL = 'resume';

/** From a run that waits for another one's usage to be sent, to the workflow that sends it. */
export const USAGE_WAITING_SIGNAL = 'usageWaiting';

/** Workflow types besides those of the kinds: clients start the first two, runs the others. */
export const SIDE_WORKFLOWS = {
  explain: 'explainWorkflow',
  journal: 'journalWorkflow',
  usagePublish: 'usagePublishWorkflow',
  sourceSessions: 'sourceSessionsWorkflow',
} as const;
