import { mkdir, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dayNumber, type TradingDay } from "../../shared/market/trading-day.ts";
import { simulateMarket } from "../../shared/simulator/market.ts";
import { openEmbedded } from "../../shared/warehouse/embedded.ts";
import {
  encodeNative,
  structureOf,
  type WriteColumn,
} from "../../shared/warehouse/native/writer.ts";

/** A market of a size, as vendor files. */
export interface MarketFiles {
  readonly parquet: string;
  readonly csv: string;
  readonly bars: number;
  readonly from: TradingDay;
  readonly to: TradingDay;
}

/**
 * Writes a simulated market as one Parquet and one CSV file, sorted by day and ticker as vendors' files are. Nobody lists
 * late or leaves, so that the panel is full: securities times sessions.
 */
export async function makeMarketFiles(
  folder: string,
  securities: number,
  from: TradingDay,
  to: TradingDay,
): Promise<MarketFiles> {
  await mkdir(folder, { recursive: true });
  const market = simulateMarket({
    seed: 42,
    securities,
    from,
    to,
    lateStarts: 0,
    delistingsPerYear: 0,
    haltsPerYear: 0,
  });
  const numbers = Uint16Array.from(market.sessions, dayNumber);
  const native = join(folder, "bars.native");
  const file = await open(native, "w");
  let bars = 0;
  let structure = "";
  for (const [at, listing] of market.listings.entries()) {
    const history = market.history(listing).bars;
    const columns: WriteColumn[] = [
      { name: "date", type: "Date", values: Uint16Array.from(history.session, (s) => numbers[s]!) },
      {
        name: "ticker",
        type: "LowCardinality(String)",
        dictionary: [`T${String(at).padStart(5, "0")}`],
        codes: new Uint8Array(history.session.length),
      },
      { name: "open", type: "Float64", values: history.open },
      { name: "high", type: "Float64", values: history.high },
      { name: "low", type: "Float64", values: history.low },
      { name: "close", type: "Float64", values: history.close },
      { name: "volume", type: "Float64", values: history.volume },
    ];
    structure = structureOf(columns);
    bars += history.session.length;
    await file.write(encodeNative(columns));
  }
  await file.close();
  const parquet = join(folder, "bars.parquet");
  const csv = join(folder, "bars.csv");
  await convert(native, structure, parquet, csv);
  await rm(native);
  return { parquet, csv, bars, from, to };
}

async function convert(
  native: string,
  structure: string,
  parquet: string,
  csv: string,
): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), "quarry-convert-"));
  const clickHouse = await openEmbedded(home);
  await clickHouse.command(
    `INSERT INTO FUNCTION file({parquet:String}, 'Parquet')
     SELECT date, toString(ticker) AS ticker, open, high, low, close, toInt64(volume) AS volume
     FROM file({native:String}, 'Native', {structure:String}) ORDER BY date, ticker
     SETTINGS max_bytes_before_external_sort = 1000000000`,
    { native, structure, parquet },
  );
  await clickHouse.command(
    `INSERT INTO FUNCTION file({csv:String}, 'CSVWithNames') SELECT * FROM file({parquet:String}, 'Parquet')`,
    { parquet, csv },
  );
  await clickHouse.close();
  await rm(home, { recursive: true });
}
