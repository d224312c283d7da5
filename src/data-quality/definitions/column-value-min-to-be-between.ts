import { statisticBetween } from './statistic-between.js';

export const columnValueMinToBeBetween = statisticBetween({
  name: 'columnValueMinToBeBetween',
  statistic: 'min',
  min: 'minValueForMinInCol',
  max: 'maxValueForMinInCol',
});
