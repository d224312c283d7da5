export { ScheduleError, ScheduleNotFoundError } from './schedule-error.js';
export { readScheduleFile, type ScheduleEntry } from './schedule-file.js';
export { OVERLAP_NAMES, type OverlapPolicy } from './overlap-names.js';
export { durationText, type ScheduleOptions } from './schedule-options.js';
export type { ScheduledRun, ScheduleDetails, ScheduleOverview } from './schedule-view.js';
export { Schedules, type Triggered } from './schedules.js';
