/**
 * What to do about a run that is due while an earlier one is going. In its own file, because the help of commands needs
 * nothing else about schedules.
 */
export const OVERLAP_NAMES = ['Skip', 'BufferOne', 'BufferAll', 'CancelOther', 'TerminateOther', 'AllowAll'] as const;

export type OverlapPolicy = (typeof OVERLAP_NAMES)[number];
