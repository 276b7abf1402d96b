import { openEmbedded } from "../../shared/warehouse/embedded.ts";

/** What was derived, in short. */
export interface Derived {
  readonly values: { readonly rows: number; readonly factors: number; readonly digest: string };
  readonly evaluations: readonly { readonly factor: string; readonly result: string }[];
}

/** All that a warehouse's factor values and evaluations say, but for when and by which run; identities by ticker. */
export async function derivedContentsOf(folder: string): Promise<Derived> {
  const warehouse = await openEmbedded(folder);
  try {
    const [values] = await warehouse.rows<Derived["values"]>(
      `SELECT count() AS rows, uniq(factor) AS factors,
         toString(groupBitXor(cityHash64(factor, version, ticker, day, reinterpretAsUInt64(value)))) AS digest
       FROM (SELECT * FROM factor_values FINAL) AS v INNER JOIN (SELECT * FROM tickers FINAL) AS t USING (security_id)`,
    );
    const evaluations = await warehouse.rows<Derived["evaluations"][number]>(
      `SELECT factor, version, hex(SHA256(argMax(result, ingested_at))) AS result FROM evaluations FINAL
       GROUP BY factor, version ORDER BY factor`,
    );
    return { values: values!, evaluations };
  } finally {
    await warehouse.close();
  }
}
