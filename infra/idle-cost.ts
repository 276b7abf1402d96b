import { datasets, type JobSpec } from "../shared/catalogue.ts";
import type { StackConfig } from "./config.ts";
import prices from "./price-table.json" with { type: "json" };

/** Hours a month that an instance runs which is stopped at night and at weekends: 13 a weekday. */
const officeHours = (13 * 5 * 52) / 12;

/** Gigabytes of the twenty images that are kept, layers shared. */
const imageGib = 2;

/**
 * What a stack costs a month while nothing runs, US dollars by component, list prices of `price-table.json`; null for what
 * the table does not know.
 *
 * @param alarms alarms that there are: the first ten are free
 */
export function idleCost(config: StackConfig, alarms: number): Record<string, number | null> {
  const { network, clickhouse, image, warehouse } = config;
  const { hoursPerMonth } = prices;
  const own = network.vpcId === undefined;
  const gateways =
    !own || network.nat === "none" ? 0 : network.nat === "single" ? 1 : network.zones;
  const ec2 = clickhouse.kind === "ec2" ? clickhouse : undefined;
  const instanceHour = (prices.instanceHour as Record<string, number>)[ec2?.instanceType ?? ""];
  const cost: Record<string, number | null> = {
    // A gateway's address is charged like any other.
    network:
      gateways * (prices.natGatewayHour + prices.publicAddressHour) * hoursPerMonth +
      network.interfaceEndpoints.length *
        network.zones *
        prices.interfaceEndpointHour *
        hoursPerMonth,
    image: image === "build" ? imageGib * prices.ecrGibMonth : 0,
    observability: Math.max(0, alarms - 10) * prices.alarmMonth,
  };
  if (ec2 !== undefined) {
    const hours = ec2.stopWhenIdle ? officeHours : hoursPerMonth;
    // A type that the table has not is not free: it makes the sum unknown.
    cost["clickhouse"] =
      instanceHour === undefined
        ? null
        : instanceHour * hours +
          (ec2.volumeGiB + 20) * prices.gp3GibMonth +
          ec2.volumeGiB * prices.snapshotGibMonth * 0.2 +
          prices.hostedZoneMonth;
    cost["secrets"] = 3 * prices.secretMonth;
  }
  // RPUs are paid while something is asked; storage and snapshots by the gigabyte, as in all buckets. A secret is made with it.
  if (warehouse.redshift === "serverless") cost["redshift"] = prices.secretMonth;
  // Storage alone, and what Athena scans.
  if (warehouse.lakehouse !== "none") cost["lakehouse"] = 0;
  const total = Object.values(cost).reduce(
    (sum, one) => (sum === null || one === null ? null : sum + one),
    0,
  );
  return { ...cost, total };
}

/** How many alarms a stack has. */
export function alarmsOf(
  { schedules, clickhouse }: StackConfig,
  jobs: Readonly<Record<string, JobSpec>>,
): number {
  const functions = Object.values(jobs).filter(({ runsOn }) => runsOn.includes("lambda"));
  const scheduled = functions.filter(({ schedule }) => schedule !== undefined);
  const deadLetters = 3;
  const research = 1;
  return (
    deadLetters +
    research +
    functions.length +
    (schedules.enabled ? scheduled.length + research + Object.keys(datasets).length : 0) +
    (clickhouse.kind === "ec2" ? 4 : 0)
  );
}
