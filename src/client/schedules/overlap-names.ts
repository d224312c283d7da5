/**
 * Policies for a run that is due while an earlier one is under way. A file of their own: the help of commands needs
 * nothing else of schedules.
 */
export const OVERLAP_NAMES = ['Skip', 'BufferOne', 'BufferAll', 'CancelOther', 'TerminateOther', 'AllowAll'] as const;

export type OverlapPolicy = (typeof OVERLAP_NAMES)[number];
