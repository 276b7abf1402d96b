import { PolicyPack } from "@pulumi/policy";
import { rules } from "./rules.ts";

/**
 * The same rules for `pulumi preview --policy-pack infra/policy`, which sees what the engine is asked for.
 */
new PolicyPack("quarry", {
  policies: rules.map(({ name, promise, check }) => ({
    name,
    description: promise,
    enforcementLevel: "mandatory",
    validateResource: (args, report) => {
      const { type, name: resource, props, opts } = args;
      const {
        environment = "",
        publicTasks = false,
        teardown = false,
      } = args.getConfig<{
        environment?: string;
        publicTasks?: boolean;
        teardown?: boolean;
      }>();
      const found = check(
        { type, name: resource, inputs: props, protect: opts.protect },
        { environment, publicTasks, teardown },
      );
      for (const what of found) report(`${promise} ${resource}: ${what}.`);
    },
  })),
});
