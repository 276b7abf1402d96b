import type { FactorDefinition } from "../define.ts";
import { amihud_252 } from "./amihud-252.ts";
import { beta_252 } from "./beta-252.ts";
import { high_52w } from "./high-52w.ts";
import { ivol_21 } from "./ivol-21.ts";
import { lowvol_20 } from "./lowvol-20.ts";
import { lowvol_252 } from "./lowvol-252.ts";
import { max_21 } from "./max-21.ts";
import { mom_12_1 } from "./mom-12-1.ts";
import { mom_6_1 } from "./mom-6-1.ts";
import { pvt_20 } from "./pvt-20.ts";
import { resmom_12_1 } from "./resmom-12-1.ts";
import { rev_5 } from "./rev-5.ts";
import { roc_20 } from "./roc-20.ts";
import { rsi_14 } from "./rsi-14.ts";
import { rsi_28 } from "./rsi-28.ts";
import { seas_12 } from "./seas-12.ts";
import { skew_252 } from "./skew-252.ts";
import { turnover_trend } from "./turnover-trend.ts";

/** Every factor, in the order of lists and tear sheets: momentum, reversal, risk, trading. */
export const library: readonly FactorDefinition[] = [
  mom_12_1,
  mom_6_1,
  resmom_12_1,
  seas_12,
  high_52w,
  rev_5,
  roc_20,
  rsi_14,
  rsi_28,
  lowvol_20,
  lowvol_252,
  ivol_21,
  beta_252,
  max_21,
  skew_252,
  amihud_252,
  turnover_trend,
  pvt_20,
];
