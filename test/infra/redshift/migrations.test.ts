import assert from "node:assert/strict";
import { Dialect, init, parse } from "@polyglot-sql/sdk";
import { migrations } from "../../../infra/redshift/migrations.ts";
import { published } from "../../../shared/catalogue.ts";

const all = migrations();
const bare = (sql: string): string => sql.replaceAll(/^--.*$/gm, "").trim();
const texts = all.map(({ sql }) => bare(sql));

/** Roles that a role has, its own included, by the GRANT ROLE of the files. */
function rolesOf(role: string): Set<string> {
  const had = new Set([role]);
  for (let before = 0; before !== had.size;) {
    before = had.size;
    for (const text of texts) {
      const [, given, to] = /^GRANT ROLE (\w+) TO ROLE (\w+)$/.exec(text) ?? [];
      if (given !== undefined && had.has(to!)) had.add(given);
    }
  }
  return had;
}

describe("statements of Redshift", () => {
  it("are numbered without a gap, and come in the order of their numbers", () => {
    assert.deepEqual(
      all.map(({ name }) => name.slice(0, 4)),
      all.map((_, at) => String(at + 1).padStart(4, "0")),
    );
    for (const { name } of all) assert.match(name, /^\d{4}-[a-z-]+$/);
  });

  it("are one a file: no semicolon but in the body of a procedure", () => {
    for (const { name, sql } of all) {
      assert.ok(
        !bare(sql)
          .replace(/\$\$[^]*\$\$/, "")
          .includes(";"),
        name,
      );
    }
  });

  it("are SQL of Redshift, by a parser of its dialect", async () => {
    await init();
    const refused = all.filter(({ sql }) => !parse(sql, Dialect.Redshift).success);
    // ASSUMEROLE it does not know.
    assert.deepEqual(
      refused.map(({ sql }) => /\bASSUMEROLE\b/.exec(sql)?.[0]),
      ["ASSUMEROLE", "ASSUMEROLE"],
    );
    assert.ok(!parse("GRANT USAGE SCHEMA ON quarry ROLE", Dialect.Redshift).success);
  });

  it("can run again: each makes what is not there, or says what holds", () => {
    // Does not prove that Redshift takes them.
    const again =
      /^(CREATE SCHEMA IF NOT EXISTS|CREATE OR REPLACE PROCEDURE|CALL quarry_setup\.make_role\(|GRANT|REVOKE) ?/;
    assert.deepEqual(
      texts.filter((text) => !again.test(text)),
      [],
    );
    const [procedure] = texts.filter((text) => text.startsWith("CREATE OR REPLACE PROCEDURE"));
    assert.match(procedure!, /COUNT\(\*\) FROM svv_roles WHERE role_name = wanted/);
    assert.match(procedure!, /IF there = 0 THEN\s+EXECUTE 'CREATE ROLE '/);
  });

  it("make a role before they speak of it", () => {
    const made = new Set<string>();
    for (const text of texts) {
      const [, role] = /make_role\('(\w+)'\)$/.exec(text) ?? [];
      if (role !== undefined) made.add(role);
      for (const [, named] of text.matchAll(/\bROLE (quarry_\w+)/g)) {
        assert.ok(made.has(named!), `${named!} in ${text}`);
      }
    }
    assert.deepEqual([...made].sort(), [
      "quarry_reader",
      "quarry_reader_alternative",
      "quarry_reader_prices",
      "quarry_reader_research",
      "quarry_writer",
    ]);
  });

  it("give a plain reader prices and research, and nothing alternative", () => {
    assert.deepEqual([...rolesOf("quarry_reader")].sort(), [
      "quarry_reader",
      "quarry_reader_prices",
      "quarry_reader_research",
    ]);
    for (const { class: dataClass } of Object.values(published)) {
      assert.ok(texts.includes(`CALL quarry_setup.make_role('quarry_reader_${dataClass}')`));
    }
  });

  it("give readers no table and nothing to make, and nobody but the writer a COPY", () => {
    const grants = texts.filter((text) => text.startsWith("GRANT") && !/^GRANT ROLE/.test(text));
    assert.deepEqual(grants, [
      "GRANT USAGE, CREATE ON SCHEMA quarry TO ROLE quarry_writer",
      "GRANT USAGE ON SCHEMA quarry\nTO ROLE quarry_reader_prices, ROLE quarry_reader_research, ROLE quarry_reader_alternative",
      "GRANT ASSUMEROLE ON ALL TO ROLE quarry_writer FOR COPY",
    ]);
    assert.ok(texts.includes("REVOKE ASSUMEROLE ON ALL FROM PUBLIC FOR ALL"));
  });
});
