/** Zones that an account may use, where a region has fewer than three or more. */
const zones: Readonly<Record<string, number>> = {
  "us-east-1": 6,
  "us-west-1": 2,
  "us-west-2": 4,
  "ap-northeast-1": 3,
  "ap-northeast-2": 4,
  "ca-west-1": 3,
};

/** How many zones of a region an account may use. */
export const zonesOf = (region: string): number => zones[region] ?? 3;
