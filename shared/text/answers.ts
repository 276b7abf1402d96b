import { z } from "zod";
import { contentHash } from "../objects/file-store.ts";

/** What an answer must be, as a check of our own and as the JSON schema that a model is given. */
export interface AnswerSchema<Answer> {
  readonly zod: z.ZodType<Answer>;
  readonly json: Readonly<Record<string, unknown>>;
  /** Content hash of the JSON schema. */
  readonly hash: string;
}

function answer<Answer>(zod: z.ZodType<Answer>): AnswerSchema<Answer> {
  const json = z.toJSONSchema(zod, { target: "draft-7" });
  return { zod, json, hash: contentHash(JSON.stringify(json)) };
}

/** The five categories of an annual report, in the order of its JSON. */
export const categories = [
  "CEO statement",
  "ESG initiatives",
  "Market trends and competitive landscape",
  "Risk factors",
  "Strategic priorities",
] as const;
export type Category = (typeof categories)[number];

const keyDatum = z.strictObject({
  text: z.string(),
  page: z.int().min(1),
  quote: z.string(),
});

/** Sentiment on [-1, 1]. */
export const sentimentAnswer = answer(z.strictObject({ sentiment: z.number().min(-1).max(1) }));

/** Notes of one part of a report. */
export const notesAnswer = answer(
  z.strictObject({
    notes: z.array(
      z.strictObject({
        category: z.enum(categories),
        note: z.string(),
        change: z.string(),
        key_data: z.array(keyDatum),
      }),
    ),
  }),
);
export type Notes = z.infer<typeof notesAnswer.zod>["notes"];

/** An annual report in five rated categories, each once. */
export const reportAnswer = answer(
  z.strictObject({
    items: z
      .array(
        z.strictObject({
          category: z.enum(categories),
          summary: z.string().min(1),
          key_data: z.array(keyDatum),
          year_over_year_change: z.string(),
          /** Null where the report says nothing of it: no number stands for that. */
          rating: z.number().min(0).max(10).nullable(),
          rating_justification: z.string(),
        }),
      )
      .refine(
        (items) =>
          items.length === categories.length &&
          new Set(items.map(({ category }) => category)).size === categories.length,
        { message: `expected each of ${categories.join(", ")} once` },
      ),
    overall_assessment: z.string().min(1),
    investment_recommendation: z.string().min(1),
  }),
);
export type ReportAnswer = z.infer<typeof reportAnswer.zod>;

/** Directors' ages, executives' pay. */
export const proxyAnswer = answer(
  z.strictObject({
    directors: z.array(z.strictObject({ name: z.string(), age: z.int().min(18).max(120) })),
    executives: z.array(z.strictObject({ name: z.string(), total_pay: z.number().min(0) })),
  }),
);
export type ProxyAnswer = z.infer<typeof proxyAnswer.zod>;

/**
 * Reads an answer; a fence of Markdown around it is forgiven, nothing else.
 *
 * @returns what is wrong with it, in a sentence, where it is no such answer
 */
export function readAnswer<Answer>(
  text: string,
  schema: AnswerSchema<Answer>,
): { readonly answer: Answer } | { readonly problem: string } {
  const bare = /^\s*```(?:json)?\s*([\s\S]*?)\s*```\s*$/.exec(text)?.[1] ?? text;
  let parsed: unknown;
  try {
    parsed = JSON.parse(bare);
  } catch {
    return { problem: "It is no JSON." };
  }
  const checked = schema.zod.safeParse(parsed);
  if (checked.success) return { answer: checked.data };
  const [issue] = checked.error.issues;
  const path = issue?.path.join(".") ?? "";
  return { problem: `${path === "" ? "The answer" : path}: ${issue?.message ?? "not as asked"}.` };
}
