import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { CreateStateMachineCommand, ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { readReferences } from "../../../shared/backfill/executors/aws-account.ts";
import { fakeCredentials, useMoto } from "../../support/moto.ts";

const cli = fileURLToPath(new URL("../../../jobs/cli.ts", import.meta.url));
const region = "us-east-1";

describe("an account of AWS, by moto", () => {
  const moto = useMoto();
  let environment: Record<string, string>;
  const before_ = { ...process.env };
  let stateMachine = "";

  before(async () => {
    environment = {
      AWS_ENDPOINT_URL: moto(),
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: fakeCredentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: fakeCredentials.secretAccessKey,
    };
    Object.assign(process.env, environment);
    const machine = await new SFNClient({}).send(
      new CreateStateMachineCommand({
        name: "quarry-dev-research",
        definition: JSON.stringify({ StartAt: "A", States: { A: { Type: "Succeed" } } }),
        roleArn: "arn:aws:iam::123456789012:role/machine",
      }),
    );
    stateMachine = machine.stateMachineArn!;
    const deployment = {
      version: 2,
      region,
      prefix: "quarry-dev",
      objects: "s3://b",
      stateMachine,
    };
    await new SSMClient({}).send(
      new PutParameterCommand({
        Name: "/quarry/dev/deployment",
        Type: "String",
        Value: JSON.stringify(deployment),
      }),
    );
    // As the stack makes it: empty.
    await new SecretsManagerClient({}).send(
      new CreateSecretCommand({ Name: "quarry-dev-clickhouse-writer" }),
    );
  });
  after(() => {
    for (const name of [
      "AWS_ENDPOINT_URL",
      "AWS_REGION",
      "AWS_ACCESS_KEY_ID",
      "AWS_SECRET_ACCESS_KEY",
    ]) {
      if (before_[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before_[name];
    }
  });

  const quarry = async (args: readonly string[], input = "") => {
    const child = spawn(process.execPath, [cli, ...args], {
      env: { ...process.env, ...environment },
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
    child.stdin.end(input);
    const [code] = (await once(child, "close")) as [number | null];
    return { code, said };
  };

  it("is given a secret's value from standard input, and hands it to who names it", async () => {
    const set = await quarry(["secrets", "set", "clickhouse-writer", "--env", "dev"], "s3cret\n");
    assert.deepEqual(
      [set.code, set.said],
      [0, "Secret clickhouse-writer of dev has a new value.\n"],
    );
    const { SecretString } = await new SecretsManagerClient({}).send(
      new GetSecretValueCommand({ SecretId: "quarry-dev-clickhouse-writer" }),
    );
    assert.equal(SecretString, "s3cret");
    await new SSMClient({}).send(
      new PutParameterCommand({
        Name: "/quarry/dev/clickhouse-certificate",
        Type: "String",
        Value: "PEM",
      }),
    );
    const values = await readReferences({
      CLICKHOUSE_PASSWORD_SECRET: "quarry-dev-clickhouse-writer",
      CLICKHOUSE_CERTIFICATE_PARAMETER: "/quarry/dev/clickhouse-certificate",
      CLICKHOUSE_URL: "https://h",
      AWS_SECRET: "no reference of ours",
    });
    assert.deepEqual(values, { CLICKHOUSE_PASSWORD: "s3cret", CLICKHOUSE_CERTIFICATE: "PEM" });
  });

  it("says in one sentence what is not there", async () => {
    const none = await quarry(["secrets", "set", "tavily", "--env", "dev"], "x");
    assert.deepEqual(
      [none.code, none.said],
      [
        2,
        'quarry: Expected a secret that the stack made, got "tavily": there is no quarry-dev-tavily.\n',
      ],
    );
    const empty = await quarry(["secrets", "set", "clickhouse-writer", "--env", "dev"]);
    assert.equal(empty.code, 2);
    assert.match(empty.said, /^quarry: Expected the value on standard input/);
    const nowhere = await quarry(["research", "--env", "prod"]);
    assert.match(nowhere.said, /Environment "prod" was never deployed/);
  });

  it("starts the research run", async () => {
    const { code, said } = await quarry([
      "research",
      "--env",
      "dev",
      "--from",
      "2024-01-02",
      "--to",
      "2024-06-28",
    ]);
    assert.equal(code, 0, said);
    assert.match(said, /^The research run of dev has begun: arn:aws:states:/);
    const { executions } = await new SFNClient({}).send(
      new ListExecutionsCommand({ stateMachineArn: stateMachine }),
    );
    assert.equal(executions?.length, 1);
  });
});
