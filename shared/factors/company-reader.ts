import { readIssuerFacts } from "../fundamentals/read-issuer-facts.ts";
import { viewOf } from "../fundamentals/statement-inputs.ts";
import type { SecurityId } from "../market/security.ts";
import { issuersOfSecurities } from "../warehouse/tables/issuers.ts";
import { securitySpans } from "../warehouse/tables/securities.ts";
import type { Warehouse } from "../warehouse/warehouse.ts";
import { companyInputsOf, sharesItem, type Company } from "./company.ts";
import type { FactorDefinition } from "./define.ts";

/** Reads the companies of securities, as far as factors ask for them. */
export class CompanyReader {
  readonly #warehouse: Warehouse;
  readonly #concepts: readonly string[];
  readonly #issuerOf: ReadonlyMap<SecurityId, string>;
  readonly #securitiesOf: ReadonlyMap<string, SecurityId[]>;
  readonly #spans: ReadonlyMap<SecurityId, { readonly from: number; readonly to: number }>;

  private constructor(
    warehouse: Warehouse,
    concepts: readonly string[],
    issuerOf: ReadonlyMap<SecurityId, string>,
    spans: ReadonlyMap<SecurityId, { readonly from: number; readonly to: number }>,
  ) {
    this.#warehouse = warehouse;
    this.#concepts = concepts;
    this.#issuerOf = issuerOf;
    this.#spans = spans;
    const securitiesOf = new Map<string, SecurityId[]>();
    for (const [id, issuer] of issuerOf) {
      securitiesOf.set(issuer, [...(securitiesOf.get(issuer) ?? []), id]);
    }
    this.#securitiesOf = securitiesOf;
  }

  /** @returns undefined when no factor reads of companies */
  static async open(
    warehouse: Warehouse,
    factors: readonly Pick<FactorDefinition, "inputs">[],
  ): Promise<CompanyReader | undefined> {
    const inputs = companyInputsOf(factors);
    if (inputs.length === 0) return undefined;
    const needed = inputs.map((name) => (name === "market_cap" ? sharesItem : viewOf(name)!.item));
    const concepts = new Set(needed.flatMap(({ chain }) => chain.map(({ concept }) => concept)));
    const issuers = await issuersOfSecurities(warehouse);
    return new CompanyReader(
      warehouse,
      [...concepts].sort(),
      new Map(issuers.map(({ securityId, issuerId }) => [securityId, issuerId])),
      await securitySpans(warehouse),
    );
  }

  /** The companies of some securities, by security. */
  async read(securities: readonly SecurityId[]): Promise<Map<SecurityId, Company>> {
    const issuers = new Set(securities.flatMap((id) => this.#issuerOf.get(id) ?? []));
    const facts = await readIssuerFacts(this.#warehouse, [...issuers].sort(), this.#concepts);
    const companies = new Map<SecurityId, Company>();
    for (const id of securities) {
      const issuer = this.#issuerOf.get(id);
      const own = issuer === undefined ? undefined : facts.get(issuer);
      if (own === undefined) continue;
      const others = this.#securitiesOf
        .get(issuer!)!
        .filter((other) => other !== id)
        .flatMap((other) => this.#spans.get(other) ?? []);
      companies.set(id, { facts: own, others });
    }
    return companies;
  }
}
