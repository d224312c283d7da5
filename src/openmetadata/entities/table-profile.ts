/** Bodies of `PUT /tables/{id}/tableProfile` and `/sampleData`. Times are epoch milliseconds. */

export interface CustomMetricProfile {
  readonly name: string;
  readonly value: number;
}

export interface Histogram {
  readonly boundaries: readonly string[];
  readonly frequencies: readonly number[];
}

export interface CardinalityDistribution {
  readonly categories?: readonly string[];
  readonly counts?: readonly number[];
  readonly percentages?: readonly number[];
  readonly allValuesUnique?: boolean;
}

export interface ColumnProfile {
  readonly name: string;
  readonly timestamp: number;
  readonly valuesCount?: number;
  readonly nullCount?: number;
  readonly nullProportion?: number;
  readonly distinctCount?: number;
  readonly distinctProportion?: number;
  readonly uniqueCount?: number;
  readonly uniqueProportion?: number;
  readonly duplicateCount?: number;
  /** Whole numbers that a double can't hold are bigints. */
  readonly min?: number | bigint | string;
  readonly max?: number | bigint | string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly mean?: number;
  readonly sum?: number;
  readonly stddev?: number;
  readonly firstQuartile?: number;
  readonly median?: number;
  readonly thirdQuartile?: number;
  readonly interQuartileRange?: number;
  readonly nonParametricSkew?: number;
  readonly histogram?: Histogram;
  readonly cardinalityDistribution?: CardinalityDistribution;
  readonly customMetrics?: readonly CustomMetricProfile[];
}

export interface TableProfile {
  readonly timestamp: number;
  readonly columnCount?: number;
  readonly rowCount?: number;
  readonly sizeInByte?: number;
  /** ISO 8601. */
  readonly createDateTime?: string;
  readonly profileSample?: number;
  readonly profileSampleType?: 'PERCENTAGE' | 'ROWS';
  readonly customMetrics?: readonly CustomMetricProfile[];
}

export interface SystemProfile {
  readonly timestamp: number;
  readonly operation: 'INSERT' | 'UPDATE' | 'DELETE' | 'WRITE';
  readonly rowsAffected: number;
}

export interface CreateTableProfileRequest {
  readonly tableProfile: TableProfile;
  readonly columnProfile?: readonly ColumnProfile[];
  readonly systemProfile?: readonly SystemProfile[];
}
