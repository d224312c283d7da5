import { statisticBetween } from './statistic-between.js';

export const columnValueMeanToBeBetween = statisticBetween({
  name: 'columnValueMeanToBeBetween',
  statistic: 'mean',
  min: 'minValueForMeanInCol',
  max: 'maxValueForMeanInCol',
});
