import assert from "node:assert/strict";
import { BadConfig } from "../../infra/config.ts";
import { pinnedOf, refuseMoves } from "../../infra/pinned.ts";
import { configOf, example, examples } from "./support/configurations.ts";

const prod = example("production");
const other = (values: object) => configOf("prod", { ...examples["production"]![1], ...values });
const network = { zones: 3, nat: "per-zone" };
const external = { kind: "external", url: "https://h:8443/d", secret: "s" };

describe("what can't move", () => {
  it("is nothing at the first deployment, and nothing that stays as it is", () => {
    refuseMoves(prod, undefined);
    refuseMoves(prod, pinnedOf(prod));
    refuseMoves(other({ "quarry:network": { ...network, zones: 4 } }), pinnedOf(prod));
  });

  const moves: readonly (readonly [what: string, values: object, message: RegExp])[] = [
    [
      "the region",
      { "aws:region": "us-west-2" },
      /^aws:region: prod was deployed with "us-east-1", got "us-west-2": /,
    ],
    [
      "the range of addresses",
      { "quarry:network": { ...network, cidr: "10.1.0.0/16" } },
      /^quarry:network\.cidr: prod was deployed with "10\.42\.0\.0\/16".*set it back/,
    ],
    [
      "the volume's zone",
      { "quarry:clickhouse": { kind: "ec2", zone: "b" } },
      /^quarry:clickhouse\.zone: prod was deployed with "a", got "b": /,
    ],
    [
      "protected addresses",
      { "quarry:network": { zones: 3, nat: "single" } },
      /^quarry:network\.nat: prod was deployed with 3, got 1: /,
    ],
    [
      "a protected volume",
      { "quarry:clickhouse": external },
      /^quarry:clickhouse\.kind: .*teardown/,
    ],
    [
      "a protected network",
      { "quarry:network": { vpcId: "vpc-0a", subnetIds: ["subnet-0a", "subnet-0b"] } },
      /^quarry:network\.vpcId: /,
    ],
  ];
  const publishing = example("production that publishes");
  const published = (warehouse: object) =>
    configOf("prod", {
      ...examples["production that publishes"]![1],
      "quarry:warehouse": warehouse,
    });
  for (const [what, warehouse, message] of [
    [
      "the kind of a lakehouse that is protected",
      { redshift: "serverless", lakehouse: "glue-iceberg" },
      /^quarry:warehouse\.lakehouse: prod was deployed with "s3-tables", got "glue-iceberg": its tables are protected/,
    ],
    [
      "a lakehouse that is protected, away",
      { redshift: "serverless" },
      /^quarry:warehouse\.lakehouse: prod was deployed with "s3-tables", got "none": .*teardown/,
    ],
    [
      "a Redshift that is protected, away",
      { lakehouse: "s3-tables" },
      /^quarry:warehouse\.redshift: prod was deployed with "serverless", got "none": /,
    ],
  ] as const) {
    it(`is ${what}`, () => {
      assert.throws(
        () => {
          refuseMoves(published(warehouse), pinnedOf(publishing));
        },
        (thrown: unknown) => {
          assert.ok(thrown instanceof BadConfig);
          assert.match(thrown.message, message);
          return true;
        },
      );
    });
  }

  it("is no warehouse where there was none, even of a stack that was deployed before there were any", () => {
    const { lakehouse, redshift, ...old } = pinnedOf(prod);
    assert.deepEqual([lakehouse, redshift], ["none", "none"]);
    refuseMoves(publishing, old);
    refuseMoves(publishing, pinnedOf(prod));
    refuseMoves(publishing, pinnedOf(publishing));
  });

  for (const [what, values, message] of moves) {
    it(`is ${what}`, () => {
      assert.throws(
        () => {
          refuseMoves(other(values), pinnedOf(prod));
        },
        (thrown: unknown) => {
          assert.ok(thrown instanceof BadConfig);
          assert.match(thrown.message, message);
          return true;
        },
      );
    });
  }

  it("may go where nothing is protected, or the stack goes on purpose", () => {
    refuseMoves(example("smallest"), pinnedOf(example("two gateways")));
    const going = { "quarry:teardown": true, "quarry:network": { zones: 3, nat: "single" } };
    refuseMoves(other(going), pinnedOf(prod));
  });
});
