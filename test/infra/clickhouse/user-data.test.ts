import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { userDataOf } from "../../../infra/clickhouse/user-data.ts";
import { openEmbedded } from "../../../shared/warehouse/embedded.ts";
import { migrate } from "../../../shared/warehouse/migrate.ts";
import { fakeCredentials, localClient, useMoto } from "../../support/moto.ts";
import { useTempFolder } from "../../support/temp-folder.ts";

const script = userDataOf({
  REGION: "us-east-1",
  PREFIX: "quarry-dev",
  HOST: "clickhouse.quarry-dev.internal",
  VERSION: "25.8.2.29",
  VOLUME: "vol-0123456789abcdef0",
  BACKUPS: "https://bucket.s3.us-east-1.amazonaws.com/backups",
});
const xml = (name: string): string =>
  readFileSync(new URL(`../../../containers/clickhouse/${name}`, import.meta.url), "utf8");

/** What a shell makes of the lines that need no machine: functions stand for the programs, and say how they were called. */
function shell(body: string, input = ""): { code: number | null; out: string } {
  const { status, stdout, stderr } = spawnSync("bash", ["-euo", "pipefail", "-c", body], {
    input,
    encoding: "utf8",
  });
  return { code: status, out: stdout + stderr };
}

describe("the script of ClickHouse's first boot", () => {
  const folder = useTempFolder();

  it("is a script that a shell reads, within EC2's 16 KB, and has no blank left to fill", () => {
    assert.equal(spawnSync("bash", ["-n"], { input: script, encoding: "utf8" }).status, 0);
    assert.ok(script.length < 16_384, `${script.length} bytes`);
    assert.doesNotMatch(script, /@@/);
    assert.match(script, /^#!\/bin\/bash\n/);
  });

  it("holds no secret, and gives passwords to commands by their environment alone", () => {
    assert.doesNotMatch(script, /PRIVATE KEY|AKIA|--password[ =]/);
    const hashes = script.match(
      /<password_sha256_hex from_env="QUARRY_(ADMIN|WRITER|READER)_SHA256"\/>/g,
    );
    assert.equal(hashes?.length, 3);
  });

  it("makes a password for an empty secret alone, and keeps its hash", () => {
    const loop = /for user in admin writer reader; do[\s\S]*?\ndone\n/.exec(script)![0];
    const place = join(folder(), "passwords.env");
    const { code, out } = shell(
      `prefix=quarry-dev region=r
       aws() { case "$2 $6" in *get-secret-value*writer) echo held ;; *get-secret-value*) return 255 ;; *) echo "PUT $6" >&2 ;; esac; }
       openssl() { echo made; }
       ${loop.replaceAll("/etc/clickhouse-server/passwords.env", place)}`,
    );
    assert.equal(code, 0, out);
    // The secret that held a value was not put again.
    assert.deepEqual(out.match(/PUT \S+/g), [
      "PUT quarry-dev-clickhouse-admin",
      "PUT quarry-dev-clickhouse-reader",
    ]);
    const sha = (text: string) =>
      spawnSync("sha256sum", { input: text, encoding: "utf8" }).stdout.slice(0, 64);
    assert.equal(
      readFileSync(place, "utf8"),
      [
        `QUARRY_ADMIN_SHA256=${sha("made")}`,
        `QUARRY_WRITER_SHA256=${sha("held")}`,
        `QUARRY_READER_SHA256=${sha("made")}\n`,
      ].join("\n"),
    );
  });

  it("configures a server that listens to TLS alone, and three users of whom none is open", () => {
    for (const name of ["quarry.xml", "users.xml"])
      assert.equal(XMLValidator.validate(xml(name)), true);
    const parser = new XMLParser({ ignoreAttributes: false });
    const { clickhouse } = parser.parse(xml("quarry.xml")) as {
      clickhouse: Record<string, Record<string, string>>;
    };
    assert.equal(Number(clickhouse["https_port"]), 8443);
    for (const port of ["http_port", "mysql_port", "postgresql_port", "interserver_http_port"]) {
      assert.equal(clickhouse[port]!["@_remove"], "1", port);
    }
    const users = (
      parser.parse(xml("users.xml")) as {
        clickhouse: { users: Record<string, Record<string, unknown>> };
      }
    ).clickhouse.users;
    assert.deepEqual(Object.keys(users), ["default", "admin", "writer", "reader"]);
    assert.equal(users["default"]!["@_remove"], "1");
    assert.deepEqual(users["admin"]!["networks"], { ip: ["127.0.0.1", "::1"] });
  });
});

describe("the backup of that script", () => {
  const folder = useTempFolder();
  const moto = useMoto();

  it("comes back whole from S3, into a warehouse that the code knows", async () => {
    await localClient(moto()).send(
      new CreateBucketCommand({
        Bucket: "quarry-backups",
        CreateBucketConfiguration: { LocationConstraint: "eu-west-1" },
      }),
    );
    const digest =
      "SELECT count() AS n, toString(groupBitXor(cityHash64(day, open_at))) AS digest FROM sessions";
    // The statement of the script, but for keys, which the instance has by its role.
    const { accessKeyId, secretAccessKey } = fakeCredentials;
    const [statement] = /BACKUP DATABASE default TO S3\('\$?[^']*'\)/.exec(script)!;
    const at = (text: string): string =>
      text.replace(
        /S3\('[^']*'\)/,
        `S3('${moto()}/quarry-backups/backups/one', '${accessKeyId}', '${secretAccessKey}')`,
      );
    const first = await openEmbedded(join(folder(), "first"));
    let before: unknown;
    try {
      await migrate(first);
      [before] = await first.rows(digest);
      await first.command(at(statement));
    } finally {
      await first.close();
    }
    const second = await openEmbedded(join(folder(), "second"));
    try {
      await second.command(
        at("RESTORE DATABASE default FROM S3('') SETTINGS allow_non_empty_tables = 1"),
      );
      assert.deepEqual((await second.rows(digest))[0], before);
      await migrate(second);
      assert.deepEqual((await second.rows(digest))[0], before);
    } finally {
      await second.close();
    }
  });
});
