export { ScheduleError, ScheduleNotFoundError } from './schedule-error.js';
export { readScheduleFile, type ScheduleEntry } from './schedule-file.js';
export { OVERLAP_NAMES, durationText, type OverlapPolicy, type ScheduleOptions } from './schedule-options.js';
export type { ScheduledRun, ScheduleDetails, ScheduleOverview } from './schedule-view.js';
export { Schedules, type Triggered } from './schedules.js';
