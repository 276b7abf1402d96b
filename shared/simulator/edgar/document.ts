import type { Filer } from "./archive.ts";
import type { SimulatedFiling } from "./filings.ts";

const dollars = (value: number): string => `$${(value / 1e6).toFixed(1)} million`;

/** A report as a page of inline XBRL: its items, and the figures in sentences. */
export function documentBody({ name }: Filer, filing: SimulatedFiling): string {
  const { form, periodEnd, facts } = filing;
  const last = (concept: string): number | undefined =>
    facts.filter((fact) => fact.concept === concept && fact.to === periodEnd).at(-1)?.value;
  const sales =
    last("RevenueFromContractWithCustomerExcludingAssessedTax") ?? last("SalesRevenueNet");
  const income = last("NetIncomeLoss") ?? 0;
  const annual = form.startsWith("10-K");
  const tagged = (concept: string, value: number): string =>
    `<ix:nonFraction name="us-gaap:${concept}" unitRef="usd" scale="6">${dollars(value)}</ix:nonFraction>`;
  const section = (heading: string, ...paragraphs: string[]): string =>
    `<div><span style="font-weight:700">${heading}</span></div>${paragraphs.map((text) => `<p>${text}</p>`).join("")}`;
  const results = section(
    annual
      ? "Item 7.&#160;&#160;Management&#8217;s Discussion and Analysis of Financial Condition and Results of Operations"
      : "Item 2. Management&#8217;s Discussion and Analysis of Financial Condition and Results of Operations",
    `Sales of the period were ${tagged("Revenues", sales ?? 0)}, net income was ${tagged("NetIncomeLoss", income)}.`,
    income < 0
      ? "The loss was due to weak demand and higher costs, and we expect difficult quarters."
      : "We are pleased with the improvement, and expect demand to remain strong.",
  );
  const risks = section(
    "Item 1A.&#160;&#160;Risk Factors",
    "Our business is simulated. Interest rates, competition and the loss of customers could hurt it.",
    "We depend on a random generator, whose failure would end us.",
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:ix="http://www.xbrl.org/2013/inlineXBRL"><head>',
    `<title>${name} ${form} ${periodEnd}</title></head><body>`,
    '<div style="display:none"><ix:header>hidden facts</ix:header></div>',
    `<p>FORM ${form}</p><p>${name}</p><p>For the period ended ${periodEnd}</p>`,
    ...(annual
      ? [
          section("Item 1. Business", `${name} makes numbers.`),
          risks,
          section("Item 1B. Unresolved Staff Comments", "None."),
          results,
          section("Item 8. Financial Statements and Supplementary Data", "See the facts."),
        ]
      : [
          section("PART I. Item 1. Financial Statements", "See the facts."),
          results,
          section("PART II. Item 1. Legal Proceedings", "None."),
          risks,
        ]),
    "</body></html>",
  ].join("\n");
}
