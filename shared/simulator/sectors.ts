/** The sectors of the simulated market, and words its companies put in their names. */
const sectorWords = {
  Energy: ["Oil", "Energy", "Pipelines"],
  Materials: ["Chemical", "Mining", "Paper"],
  Industrials: ["Works", "Logistics", "Aerospace"],
  "Consumer Discretionary": ["Stores", "Motors", "Leisure"],
  "Consumer Staples": ["Foods", "Brands", "Beverages"],
  "Health Care": ["Pharma", "Devices", "Health"],
  Financials: ["Bank", "Insurance", "Capital"],
  "Information Technology": ["Systems", "Semiconductor", "Software"],
  "Communication Services": ["Media", "Telecom", "Networks"],
  Utilities: ["Power", "Water", "Gas"],
  "Real Estate": ["Properties", "Storage", "Homes"],
} as const;

/** The name of a sector. */
export type Sector = keyof typeof sectorWords;

/** Eleven groups with the names of the GICS sectors. */
export const sectors = Object.keys(sectorWords) as [Sector, ...Sector[]];

/** What a company of a sector may call its trade. */
export function wordsOf(sector: Sector): readonly [string, ...string[]] {
  return sectorWords[sector];
}
