import assert from "node:assert/strict";
import { whyNotGuarded } from "../../infra/lake-settings.ts";
import { examples } from "./support/configurations.ts";
import { answerOf } from "./support/recorder.ts";
import { runProgram } from "./support/run-program.ts";

const everybody = [{ principal: "IAM_ALLOWED_PRINCIPALS", permissions: ["ALL"] }];
const closed = { createDatabaseDefaultPermissions: [], createTableDefaultPermissions: [] };
const open = { ...closed, createTableDefaultPermissions: everybody };

describe("an account's settings of Lake Formation", () => {
  it("guard classes where nothing new is given to everybody", () => {
    assert.equal(whyNotGuarded(closed), undefined);
    const admin = [{ principal: "arn:aws:iam::123456789012:role/admin" }];
    assert.equal(whyNotGuarded({ ...closed, createTableDefaultPermissions: admin }), undefined);
  });

  it("guard nothing where new tables or databases are everybody's, and one line says what to do", () => {
    assert.match(
      whyNotGuarded(open)!,
      /^quarry:warehouse\.lakehouse: .* gives new tables to IAM_ALLOWED_PRINCIPALS, .*clears "Use only IAM access control".*\.$/,
    );
    assert.match(
      whyNotGuarded({ ...open, createDatabaseDefaultPermissions: everybody })!,
      /new databases and tables/,
    );
  });

  it("stop a deployment before a database is made, where Glue has the tables, and not where S3 has", async () => {
    const run = async (name: string) => {
      const { code, engine } = await runProgram(examples[name]![1], (call) =>
        call.token.includes("getDataLakeSettings") ? { ...open } : answerOf(call),
      );
      const { registered, logged } = engine;
      const made = registered.filter(({ type }) => /glue|s3tables\/table:/.test(type)).length;
      return { code, logged, made };
    };
    const glue = await run("with Glue");
    assert.notEqual(glue.code, 0);
    assert.deepEqual([glue.logged.length, glue.made], [1, 0]);
    assert.match(glue.logged[0]!, /quarry:warehouse\.lakehouse: .* gives new tables to/);
    // Tables of S3 are in a catalogue whose defaults are its own: nine tables, and it.
    assert.deepEqual(await run("with S3 Tables"), { code: 0, logged: [], made: 10 });
  });
});
