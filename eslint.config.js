import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/** The floors of `shared/`, lowest first: a room imports rooms before it in this list, never after it. */
export const floors = [
  "market",
  "sources",
  "objects",
  "warehouse",
  "backfill",
  "text",
  "fundamentals",
  "factors",
  "evaluation",
  "risk",
  "lake",
  "simulator",
];

const outside = { group: ["**/jobs/**", "**/infra/**", "**/test/**"] };

export default defineConfig(
  { ignores: ["node_modules", "out", ".quarry", "eslint.config.js", "eslint.config.d.ts", "bin"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // A number in a message is what the reader wants to see.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // Test servers and mocha take async callbacks.
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: false }],
      // Under noUncheckedIndexedAccess, `!` on a bounded read is the plain way to say "in range".
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unnecessary-condition": [
        "error",
        { allowConstantLoopConditions: true },
      ],
    },
  },
  {
    files: ["shared/**/*.ts"],
    rules: {
      "no-restricted-imports": ["error", { patterns: [outside] }],
      "no-restricted-properties": [
        "error",
        { object: "process", property: "env", message: "Read the environment in shared/env.ts." },
        {
          object: "Math",
          property: "random",
          message: "Chance lives in shared/simulator, and is seeded.",
        },
      ],
    },
  },
  { files: ["shared/env.ts"], rules: { "no-restricted-properties": "off" } },
  floors.slice(0, -1).map((room, floor) => ({
    files: [`shared/${room}/**/*.ts`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            outside,
            {
              group: floors.slice(floor + 1).map((higher) => `**/${higher}/**`),
              message: "Rooms import downwards only.",
            },
          ],
        },
      ],
    },
  })),
);
