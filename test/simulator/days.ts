import { parseTradingDay } from "../../shared/market/trading-day.ts";

export const day = (text: string) => parseTradingDay(text);
