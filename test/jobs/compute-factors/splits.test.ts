import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../../jobs/compute-factors/job.ts";
import { computeFactors } from "../../../shared/factors/compute.ts";
import type { FactorDefinition } from "../../../shared/factors/define.ts";
import { loadLibrary, pickFactors } from "../../../shared/factors/load-library.ts";
import { valueFileStructure } from "../../../shared/factors/value-files.ts";
import type { SecurityId } from "../../../shared/market/security.ts";
import { parseTradingDay, type TradingDay } from "../../../shared/market/trading-day.ts";
import { noProgress } from "../../../shared/progress.ts";
import { simulateMarket } from "../../../shared/simulator/market.ts";
import { readingOrder } from "../../../shared/warehouse/tables/price-sources.ts";
import { jobDeps, noSignal } from "../../support/job-deps.ts";
import { afterMarket, useSimulatedWarehouse } from "../../support/simulated-warehouse.ts";
import { passingTables, tableCounts } from "../../support/tables.ts";
import { useTempFolder } from "../../support/temp-folder.ts";

const market = simulateMarket({
  seed: 5,
  securities: 16,
  from: parseTradingDay("2018-01-02"),
  to: parseTradingDay("2020-12-31"),
});
const { sessions } = market;
const from = sessions[260]!;
const to = sessions.at(-1)!;
const library = await loadLibrary();
/** One of each kind: of prices, of returns, recursive, of the market, of volume, of the company. */
const few = pickFactors(library, [
  "mom_12_1",
  "lowvol_20",
  "rsi_14",
  "beta_252",
  "amihud_252",
  "altman_z",
]);

/** Days cut into so many ranges, not on the borders of months or years. */
function ranges(pieces: number): [TradingDay, TradingDay][] {
  const days = sessions.slice(260);
  return Array.from({ length: pieces }, (_, at) => {
    const begin = Math.floor((at * days.length) / pieces);
    const end = Math.floor(((at + 1) * days.length) / pieces) - 1;
    return [days[begin]!, days[end]!];
  });
}

describe("factors computed in pieces", () => {
  const warehouse = useSimulatedWarehouse(market, { reports: true });
  const folder = useTempFolder();
  let runs = 0;
  /** All factors over all days at once. */
  let whole: Awaited<ReturnType<typeof fingerprint>> | undefined;

  /** Companies that tell their debts and inventory in annual reports only, as many do. */
  before(async () => {
    await warehouse().command(
      `ALTER TABLE facts DELETE WHERE form = '10-Q' AND concept IN ('InventoryNet', 'LongTermDebtNoncurrent', 'StockholdersEquity')
       AND cityHash64(issuer_id) % 2 = 0 SETTINGS mutations_sync = 2`,
    );
  });

  const fingerprint = async (table: string): Promise<{ rows: number; hash: string }> => {
    const rows = await warehouse().rows<{ rows: number; hash: string }>(
      // The bits of each value, in the order of the key.
      `SELECT count() AS rows, hex(SHA256(arrayStringConcat(groupArray(line), '\n'))) AS hash FROM (
         SELECT concat(factor, ' ', security_id, ' ', toString(day), ' ', hex(reinterpretAsUInt64(value))) AS line
         FROM ${table} ORDER BY factor, security_id, day)`,
    );
    return rows[0]!;
  };

  /** Computes pieces, by day and by security, into files; the fingerprint of them all. */
  const computed = async (
    days: readonly [TradingDay, TradingDay][],
    only: readonly (ReadonlySet<SecurityId> | undefined)[],
    together: readonly (readonly FactorDefinition[])[] = [library],
  ) => {
    const path = join(folder(), `run${++runs}`);
    const sources = await readingOrder(warehouse(), undefined);
    const names: string[] = [];
    for (const [first, last] of days) {
      for (const some of only) {
        for (const factors of together) {
          const piece = join(path, `piece${names.length}`);
          names.push(piece);
          await mkdir(piece, { recursive: true });
          await computeFactors(
            warehouse(),
            { factors, from: first, to: last, sources, folder: piece, only: some },
            (total) => noProgress.start("compute factors", total),
            noSignal,
          );
        }
      }
    }
    return fingerprint(
      `(SELECT splitByChar('.', _file)[1] AS factor, * FROM file('${path}/*/*', Native, '${valueFileStructure}'))`,
    );
  };

  it("have the same bits under any split by day or by security, 1 or 7 pieces", async () => {
    const ids = (
      await warehouse().rows<{ id: SecurityId }>("SELECT DISTINCT security_id AS id FROM bars")
    ).map(({ id }) => id);
    const shares = Array.from(
      { length: 7 },
      (_, at) => new Set(ids.filter((__, index) => index % 7 === at)),
    );
    whole = await computed(ranges(1), [undefined]);
    assert.ok(whole.rows > 50_000);
    assert.deepEqual(await computed(ranges(7), [undefined]), whole);
    assert.deepEqual(await computed(ranges(1), shares), whole);
    assert.deepEqual(await computed(ranges(2), shares), whole);
  });

  it("have the same bits alone and together: what one reads of a company changes no other", async () => {
    const each = library.map((factor) => [factor]);
    whole ??= await computed(ranges(1), [undefined]);
    assert.deepEqual(await computed(ranges(1), [undefined], each), whole);
  });

  it("are the same in the table, whole or day by day, and are held the second time", async () => {
    const compute = (first: TradingDay, last: TradingDay) =>
      run(
        { factors: few, from: first, to: last },
        jobDeps(warehouse(), afterMarket(market)),
        noSignal,
      );
    const stored = "(SELECT * FROM factor_values FINAL)";
    for (const [first, last] of ranges(7)) await compute(first, last);
    const inPieces = await fingerprint(stored);
    const before = await tableCounts(warehouse());

    const again = await compute(...ranges(7)[3]!);
    assert.deepEqual([again.computed, again.held.length], [[], few.length]);
    assert.deepEqual(await tableCounts(warehouse()), before);

    const whole = await compute(from, to);
    assert.equal(whole.computed.length, few.length);
    assert.deepEqual(await fingerprint(stored), inPieces);
    assert.equal(inPieces.rows, whole.values);
    const { factor_values } = await tableCounts(warehouse());
    assert.equal(factor_values, inPieces.rows, "no row is there twice, merged or not");
    assert.deepEqual(await passingTables(warehouse()), []);
  });
});
