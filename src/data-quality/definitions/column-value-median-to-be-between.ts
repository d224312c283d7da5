import { statisticBetween } from './statistic-between.js';

export const columnValueMedianToBeBetween = statisticBetween({
  name: 'columnValueMedianToBeBetween',
  statistic: 'median',
  min: 'minValueForMedianInCol',
  max: 'maxValueForMedianInCol',
  words: ['minBound', 'maxBound'],
});
