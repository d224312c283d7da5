import { statisticBetween } from './statistic-between.js';

export const columnValueMaxToBeBetween = statisticBetween({
  name: 'columnValueMaxToBeBetween',
  statistic: 'max',
  min: 'minValueForMaxInCol',
  max: 'maxValueForMaxInCol',
});
