import { statisticBetween } from './statistic-between.js';

export const columnValueStdDevToBeBetween = statisticBetween({
  name: 'columnValueStdDevToBeBetween',
  statistic: 'stddev',
  min: 'minValueForStdDevInCol',
  max: 'maxValueForStdDevInCol',
});
