import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "./components/environment.ts";
import type { Storage } from "./components/storage.ts";
import type { Statement } from "./statements.ts";

/** Asking the configured model, and no other; none where none is configured. */
export function modelStatements({ config, accountId }: Environment): Statement[] {
  const { bedrockModel, region } = config;
  if (bedrockModel === undefined) return [];
  return [
    { actions: ["bedrock:InvokeModel"], resources: modelArns(bedrockModel, region, accountId) },
  ];
}

/** What Bedrock itself may do for a batch: read its questions, write its answers, ask the model. */
export function batchStatements(environment: Environment, { work }: Storage): Statement[] {
  return [
    {
      actions: ["s3:GetObject"],
      resources: [pulumi.interpolate`${work.arn}/batches/*/input.jsonl`],
    },
    { actions: ["s3:PutObject"], resources: [pulumi.interpolate`${work.arn}/batches/*/out/*`] },
    {
      actions: ["s3:ListBucket"],
      resources: [work.arn],
      condition: { StringLike: { "s3:prefix": "batches/*" } },
    },
    ...modelStatements(environment),
  ];
}

/** The model alone; of an inference profile the profile, and the model in the regions that it may send to. */
function modelArns(
  id: string,
  region: string,
  accountId: pulumi.Input<string>,
): pulumi.Input<string>[] {
  const [, profile, model] = /^((?:us|eu|apac|global|us-gov)\.)(.+)$/.exec(id) ?? [];
  if (profile === undefined || model === undefined) {
    return [`arn:aws:bedrock:${region}::foundation-model/${id}`];
  }
  return [
    pulumi.interpolate`arn:aws:bedrock:${region}:${accountId}:inference-profile/${id}`,
    `arn:aws:bedrock:*::foundation-model/${model}`,
  ];
}
