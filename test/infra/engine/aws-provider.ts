import * as pulumi from "@pulumi/pulumi";
import { Cloud } from "./cloud.ts";
import { replaceOn } from "./replace-on.ts";

// The `aws` provider on loopback, over the cloud in memory: a process of its own that the engine attaches to. Whoever
// started it may ask what there is, put objects into buckets, and order a failure.

type Values = Record<string, unknown>;

const cloud = new Cloud();
const typeOf = (urn: string): string => urn.split("::")[2]!.split("$").at(-1)!;
const nameOf = (urn: string): string => urn.split("::").at(-1)!;
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const provider: pulumi.provider.Provider = {
  version: "7.48.0",
  check: (_, __, news: Values) => Promise.resolve({ inputs: news, failures: [] }),
  diff(id: string, urn: string, olds: Values, news: Values) {
    const before = cloud.things.get(id)?.inputs ?? olds;
    const keys = [...new Set([...Object.keys(before), ...Object.keys(news)])].filter(
      (key) => !key.startsWith("__"),
    );
    const changed = keys.filter((key) => !same(before[key], news[key]));
    const replaces = changed.filter((key) => replaceOn[typeOf(urn)]?.includes(key));
    // A name of one's own can't be there twice.
    const deleteBeforeReplace = replaces.length > 0 && news["name"] !== undefined;
    return Promise.resolve({ changes: changed.length > 0, replaces, deleteBeforeReplace });
  },
  create(urn: string, inputs: Values) {
    const { id, outputs } = cloud.create(typeOf(urn), nameOf(urn), inputs);
    return Promise.resolve({ id, outs: { ...outputs } });
  },
  update(id: string, _: string, __: Values, news: Values) {
    return Promise.resolve({ outs: { ...cloud.update(id, news).outputs } });
  },
  read(id: string) {
    const thing = cloud.things.get(id);
    // One that is gone has no id.
    if (thing === undefined) return Promise.resolve({ id: "", props: {} });
    return Promise.resolve({ id, props: { ...thing.outputs }, inputs: { ...thing.inputs } });
  },
  delete: (id: string) => cloud.delete(id),
  invoke(token: string, args: Values) {
    const answers: Readonly<Record<string, Values>> = {
      "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "123456789012", id: "1" },
      "aws:ssm/getParameter:getParameter": { value: "ami-0123456789abcdef0", id: "p" },
      "aws:secretsmanager/getSecret:getSecret": {
        arn: `arn:aws:secretsmanager:us-east-1:123456789012:secret:${String(args["name"])}`,
        id: "s",
      },
      "aws:lakeformation/getDataLakeSettings:getDataLakeSettings": {
        createDatabaseDefaultPermissions: [],
        createTableDefaultPermissions: [],
        id: "l",
      },
    };
    const outputs = answers[token];
    if (outputs === undefined) return Promise.reject(new Error(`nobody answers ${token}`));
    return Promise.resolve({ outputs, failures: [] });
  },
};

/** What its starter may say. */
export type Order =
  | { readonly order: "dump" }
  | { readonly order: "fill"; readonly bucket: string }
  | { readonly order: "fail"; readonly type: string };

process.on("message", (message: Order) => {
  if (message.order === "fill") cloud.objects.set(message.bucket, 1);
  if (message.order === "fail") cloud.failing.add(message.type);
  process.send?.({
    things: [...cloud.things.values()].map(({ type, id, inputs }) => ({ type, id, inputs })),
    objects: [...cloud.objects.keys()],
  });
});

await pulumi.provider.main(provider, []);
