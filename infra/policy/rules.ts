import { accessRules } from "./access-rules.ts";
import { dataRules } from "./data-rules.ts";
import { jobRules } from "./job-rules.ts";
import type { Rule } from "./resource.ts";
import { warehouseRules } from "./warehouse-rules.ts";

/** Every promise that a stack makes, one rule each. */
export const rules: readonly Rule[] = [
  ...accessRules,
  ...dataRules,
  ...jobRules,
  ...warehouseRules,
];
