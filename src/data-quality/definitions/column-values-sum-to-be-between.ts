import { statisticBetween } from './statistic-between.js';

export const columnValuesSumToBeBetween = statisticBetween({
  name: 'columnValuesSumToBeBetween',
  statistic: 'sum',
  min: 'minValueForColSum',
  max: 'maxValueForColSum',
});
