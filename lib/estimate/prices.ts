/** AWS list prices of one Region in US dollars, without free tiers. */
export interface Prices {
  /** When they were read. */
  readonly date: string;
  readonly lambdaMillionRequests: number;
  /** arm64, first tier. */
  readonly lambdaGbSecond: number;
  /** On demand. */
  readonly dynamoMillionWrites: number;
  readonly dynamoMillionReads: number;
  readonly dynamoGbMonth: number;
  readonly logsGb: number;
  /** First 10,000. */
  readonly metricMonth: number;
  readonly alarmMonth: number;
  readonly highResolutionAlarmMonth: number;
  readonly dashboardMonth: number;
  /** PutMetricData. */
  readonly thousandPuts: number;
  /** GetMetricData, by metric asked for. */
  readonly thousandMetricsRead: number;
}

/**
 * Sources, read on that date: AWS's price pages as Infracost's price list of 2026-08-21 holds them, and the DynamoDB prices in force
 * since 2024-11-01. STS, streams read by a trigger, EventBridge's schedules and traffic within a Region have no price.
 */
const byRegion: Readonly<Record<string, Prices>> = {
  'us-east-1': {
    date: '2026-11-22',
    lambdaMillionRequests: 0.2,
    lambdaGbSecond: 0.000_013_333_4,
    dynamoMillionWrites: 0.625,
    dynamoMillionReads: 0.125,
    dynamoGbMonth: 0.25,
    logsGb: 0.5,
    metricMonth: 0.3,
    alarmMonth: 0.1,
    highResolutionAlarmMonth: 0.3,
    dashboardMonth: 3,
    thousandPuts: 0.01,
    thousandMetricsRead: 0.01,
  },
};

export const pricedRegions = (): string[] => Object.keys(byRegion).sort();
export const pricesOf = (region: string): Prices | undefined => (Object.hasOwn(byRegion, region) ? byRegion[region] : undefined);
