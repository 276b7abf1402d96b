import type { IssuerFacts } from "../../fundamentals/issuer-facts.ts";
import type { SecurityId } from "../../market/security.ts";
import { coded, numbers, type Block } from "../../warehouse/native/column.ts";
import type { WriteColumn } from "../../warehouse/native/writer.ts";
import type { Company } from "../company.ts";

/** Days on which another security of a security's company traded. */
export interface OtherSecurities {
  readonly securityId: SecurityId;
  /** Days since 1970. */
  readonly from: number;
  readonly to: number;
}

const texts = ["concept", "unit", "form"] as const;
const dictionaries = { concept: "concepts", unit: "units", form: "forms" } as const;

/** What the companies of some securities reported, as columns, each in the order in which it became known. */
export function companyColumns(companies: ReadonlyMap<SecurityId, Company>): WriteColumn[] {
  const all = [...companies.values()].map(({ facts }) => facts);
  const rows = all.reduce((sum, { value }) => sum + value.length, 0);
  const fill = (name: "start" | "end" | "filed" | "value" | "known"): Float64Array => {
    const values = new Float64Array(rows);
    let at = 0;
    for (const facts of all) {
      values.set(facts[name], at);
      at += facts.value.length;
    }
    return values;
  };
  const code = (name: (typeof texts)[number]): WriteColumn => {
    const numbersOf = new Map<string, number>();
    const codes = new Uint32Array(rows);
    let at = 0;
    for (const facts of all) {
      const own = facts[dictionaries[name]].map((text) => {
        if (!numbersOf.has(text)) numbersOf.set(text, numbersOf.size);
        return numbersOf.get(text)!;
      });
      for (const one of facts[name]) codes[at++] = own[one]!;
    }
    return { name, type: "LowCardinality(String)", dictionary: [...numbersOf.keys()], codes };
  };
  const ids = new Uint32Array(rows);
  let at = 0;
  for (const [place, { value }] of all.entries()) {
    ids.fill(place, at, at + value.length);
    at += value.length;
  }
  return [
    {
      name: "security_id",
      type: "LowCardinality(String)",
      dictionary: [...companies.keys()],
      codes: ids,
    },
    ...texts.map(code),
    ...(["start", "end", "filed", "value", "known"] as const).map((name): WriteColumn => ({
      name,
      type: "Float64",
      values: fill(name),
    })),
  ];
}

/** The companies of a block, by security. */
export function companiesOf(
  block: Block,
  others: ReadonlyMap<SecurityId, readonly OtherSecurities[]>,
): Map<SecurityId, Company> {
  const ids = coded(block, "security_id");
  const columns = {
    concept: coded(block, "concept"),
    unit: coded(block, "unit"),
    form: coded(block, "form"),
  };
  const [start, end, filed, value, known] = (
    ["start", "end", "filed", "value", "known"] as const
  ).map((name) => numbers(block, name));
  const companies = new Map<SecurityId, Company>();
  for (let from = 0, to = 0; from < block.rows; from = to) {
    while (to < block.rows && ids.codes[to] === ids.codes[from]) to++;
    const id = ids.dictionary[ids.codes[from]!] as SecurityId;
    const facts: IssuerFacts = {
      concepts: columns.concept.dictionary,
      units: columns.unit.dictionary,
      forms: columns.form.dictionary,
      concept: Uint16Array.from(columns.concept.codes.slice(from, to)),
      unit: Uint16Array.from(columns.unit.codes.slice(from, to)),
      form: Uint16Array.from(columns.form.codes.slice(from, to)),
      start: Float64Array.from(start!.slice(from, to)),
      end: Int32Array.from(end!.slice(from, to)),
      filed: Int32Array.from(filed!.slice(from, to)),
      value: Float64Array.from(value!.slice(from, to)),
      known: Float64Array.from(known!.slice(from, to)),
    };
    companies.set(id, { facts, others: others.get(id) ?? [] });
  }
  return companies;
}

/** Days of other securities as columns. */
export function otherColumns(others: readonly OtherSecurities[]): WriteColumn[] {
  return [
    { name: "security_id", type: "String", text: others.map(({ securityId }) => securityId) },
    { name: "from", type: "Float64", values: Float64Array.from(others, ({ from }) => from) },
    { name: "to", type: "Float64", values: Float64Array.from(others, ({ to }) => to) },
  ];
}

/** The days of a block. */
export function othersOf(block: Block): OtherSecurities[] {
  const ids = block.columns["security_id"];
  const from = numbers(block, "from");
  const to = numbers(block, "to");
  return ids?.kind !== "text"
    ? []
    : ids.values.map((id, row) => ({
        securityId: id as SecurityId,
        from: from[row]!,
        to: to[row]!,
      }));
}
