import { BadConfig, type StackConfig } from "./config.ts";

/** What a stack was deployed with and can't move: kept in its outputs, and compared before anything is changed. */
export interface Pinned {
  readonly region: string;
  readonly cidr: string;
  /** The network: `own`, or the id of one that was there. */
  readonly network: string;
  /** Zone of ClickHouse's volume; `external` where there is none. */
  readonly clickhouse: string;
  /** Addresses that vendors may have listed. */
  readonly addresses: number;
  /** Where tables are published to; not said by stacks that were deployed before there was any. */
  readonly lakehouse?: StackConfig["warehouse"]["lakehouse"];
  readonly redshift?: StackConfig["warehouse"]["redshift"];
}

/** What of a configuration can't move once it is deployed. */
export function pinnedOf({ region, network, clickhouse, warehouse }: StackConfig): Pinned {
  const { vpcId, nat, zones, cidr } = network;
  const gateways = nat === "none" ? 0 : nat === "single" ? 1 : zones;
  return {
    region,
    cidr: vpcId === undefined ? cidr : "",
    network: vpcId ?? "own",
    clickhouse: clickhouse.kind === "ec2" ? clickhouse.zone : "external",
    addresses: vpcId === undefined ? gateways : 0,
    ...warehouse,
  };
}

/**
 * Refuses a configuration that would move what can't move, or drop what is protected.
 *
 * @param before what was deployed; undefined at the first deployment
 * @throws BadConfig naming key, values and remedy
 */
export function refuseMoves(config: StackConfig, before: Pinned | undefined): void {
  if (before === undefined) return;
  const now = pinnedOf(config);
  const refuse = (
    key: string,
    was: string | number,
    is: string | number,
    remedy: string,
  ): never => {
    throw new BadConfig(
      `${key}: ${config.environment} was deployed with ${JSON.stringify(was)}, got ${JSON.stringify(is)}: ${remedy}.`,
    );
  };
  if (before.region !== now.region) {
    refuse(
      "aws:region",
      before.region,
      now.region,
      "a stack can't move to another region; make a new one there, and restore ClickHouse from its backup",
    );
  }
  if (before.network === "own" && now.network === "own" && before.cidr !== now.cidr) {
    refuse(
      "quarry:network.cidr",
      before.cidr,
      now.cidr,
      "set it back; another range is another network, which takes a new stack",
    );
  }
  if (
    before.clickhouse !== "external" &&
    now.clickhouse !== "external" &&
    before.clickhouse !== now.clickhouse
  ) {
    refuse(
      "quarry:clickhouse.zone",
      before.clickhouse,
      now.clickhouse,
      "set it back; a volume can't move, docs/runbooks/restore-clickhouse.md says how its data does",
    );
  }
  if (!config.protect || config.teardown) return;
  if (before.network !== now.network) {
    refuse(
      "quarry:network.vpcId",
      before.network,
      now.network,
      "a protected stack keeps its network; make a new one in the other",
    );
  }
  if (before.clickhouse !== "external" && now.clickhouse === "external") {
    refuse(
      "quarry:clickhouse.kind",
      "ec2",
      "external",
      "its volume is protected; move its data first, then follow docs/runbooks/teardown.md",
    );
  }
  for (const which of ["lakehouse", "redshift"] as const) {
    const was = before[which] ?? "none";
    const is = now[which] ?? "none";
    if (was === "none" || is === was) continue;
    refuse(
      `quarry:warehouse.${which}`,
      was,
      is,
      "its tables are protected, and would go; set it back, or publish to another environment, then follow docs/runbooks/teardown.md",
    );
  }
  if (now.addresses < before.addresses) {
    refuse(
      "quarry:network.nat",
      before.addresses,
      now.addresses,
      "vendors may have listed its addresses, which are protected; set it back",
    );
  }
}
