import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { InvalidInput } from "../../shared/errors.ts";
import { tableOf, type DayTable } from "../../shared/evaluation/tables.ts";
import {
  factorColumns,
  inspectTable,
  signalPriceColumns,
  type LongFile,
  type WideFile,
} from "../../shared/sources/files/price-file.ts";
import { openEmbedded } from "../../shared/warehouse/embedded.ts";
import {
  daysOf,
  readDayValues,
  type DayValues,
} from "../../shared/warehouse/files/read-day-values.ts";
import type { Warehouse } from "../../shared/warehouse/warehouse.ts";
import type { EvaluateArgs, OwnSignal } from "./args.ts";
import { groupsOf } from "./groups.ts";
import { inFile } from "./lists.ts";
import type { Prepared } from "./prepared.ts";

/**
 * Reads a signal of the user's own and its prices, with no warehouse at all: ClickHouse parses the files in a folder of
 * its own, which is gone afterwards.
 *
 * @throws InvalidInput for files that are no such tables, or that share no day or no name
 */
export async function prepareOwn(
  { values, prices }: OwnSignal,
  args: EvaluateArgs,
): Promise<Prepared> {
  const signalFile = await inspectTable(values, factorColumns, "factor");
  const priceFile = await inspectTable(prices, signalPriceColumns, "close");
  const field = closeField(priceFile);
  const folder = await mkdtemp(join(tmpdir(), "quarry-signal-"));
  try {
    const parser = await openEmbedded(folder);
    try {
      const signal = await readDayValues(parser, signalFile, "factor");
      const closes = await readDayValues(parser, priceFile, field);
      const extra = (name: string): Promise<DayValues | undefined> =>
        optional(parser, priceFile, name);
      const volumes = args.minAdv === undefined ? undefined : await extra("volume");
      const caps = args.neutralize.includes("size") ? await extra("market_cap") : undefined;
      return layOut({ values, prices }, args, { signal, closes, volumes, caps });
    } finally {
      await parser.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Adjusted closes where a file has them: their ratios are total returns. */
function closeField(file: LongFile | WideFile): string {
  return file.shape === "long" && file.fields["adjclose"] !== undefined ? "adjclose" : "close";
}

async function optional(
  parser: Warehouse,
  file: LongFile | WideFile,
  field: string,
): Promise<DayValues | undefined> {
  if (file.shape === "wide" || file.fields[field] === undefined) return undefined;
  return readDayValues(parser, file, field);
}

interface Read {
  readonly signal: DayValues;
  readonly closes: DayValues;
  readonly volumes: DayValues | undefined;
  readonly caps: DayValues | undefined;
}

function layOut(files: OwnSignal, args: EvaluateArgs, read: Read): Prepared {
  const { signal, closes, volumes, caps } = read;
  const used = new Set(signal.symbols);
  const assets = signal.names.filter((_, code) => used.has(code)).sort();
  const inRange = (day: string): boolean =>
    (args.from === undefined || args.from <= day) && (args.to === undefined || day <= args.to);
  const days = daysOf(signal).filter(inRange);
  const priceDays = daysOf(closes);
  if (days.length === 0) throw new InvalidInput(`${files.values}: no value in the range of days.`);
  if (!days.some((day) => priceDays.includes(day))) {
    throw new InvalidInput(
      `${files.values} (${days[0]!} to ${days.at(-1)!}) and ${files.prices} (${priceDays[0] ?? "no day"} to ${priceDays.at(-1) ?? ""}) have no day in common.`,
    );
  }
  const priced = new Set(closes.names);
  if (!assets.some((asset) => priced.has(asset))) {
    throw new InvalidInput(
      `${files.values} (${assets.slice(0, 3).join(", ")}, ...) and ${files.prices} (${closes.names.filter(Boolean).slice(0, 3).join(", ")}, ...) have no name in common.`,
    );
  }
  const factor = tableOf(signal, days, assets);
  const prices = tableOf(closes, priceDays, assets);
  if (args.minAdv !== undefined && volumes === undefined) {
    throw new InvalidInput(`--min-adv: expected a column volume in ${files.prices}.`);
  }
  const dollarVolumes = volumes && times(tableOf(volumes, priceDays, assets), prices);
  return {
    prices,
    factors: [
      {
        name: basename(files.values).replace(/\.(csv|parquet)(\.gz)?$/i, ""),
        version: hashOf(factor),
        words: undefined,
        load: () => Promise.resolve(factor),
      },
    ],
    endings: undefined,
    groups:
      args.groups && groupsOf(args.groups.file, inFile(args.groups.file, args.groups.of), assets),
    filters: {
      universe: args.universe && inFile(args.universe.file, args.universe.members),
      minPrice: args.minPrice === undefined ? undefined : { limit: args.minPrice, prices },
      minAdv: dollarVolumes && { limit: args.minAdv!, dollarVolumes },
    },
    tickersOf: (column) => assets[column]!,
    marketCaps: caps && tableOf(caps, days, assets),
    label: basename(files.prices),
    sources: [basename(files.prices)],
    simulated: false,
  };
}

function times(a: DayTable, b: DayTable): DayTable {
  return { ...a, values: a.values.map((value, at) => value * b.values[at]!) };
}

/** A name for the values themselves: the same signal in another file is the same trial. */
function hashOf({ days, assets, values }: DayTable): string {
  return createHash("sha256")
    .update(JSON.stringify([days, assets]))
    .update(new Uint8Array(values.buffer))
    .digest("hex")
    .slice(0, 16);
}
