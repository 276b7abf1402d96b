import { z } from "zod";
import type { TradingDay } from "./trading-day.ts";
import type { Membership } from "./universe.ts";

const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? undefined);
const day = z.string().transform((text) => text as TradingDay);

/** A line of a universe as records in JSON hold it. */
export const membershipSchema = z.object({
  ticker: z.string(),
  start: optional(day),
  end: optional(day),
  name: optional(z.string()),
  group: optional(z.string()),
  issuer: optional(z.string()),
  // JSON has no NaN.
  delistingReturn: z
    .number()
    .nullable()
    .transform((value) => value ?? NaN),
}) satisfies z.ZodType<Membership>;
