import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { JobSpec } from "../../shared/catalogue.ts";
import { DeadLetters } from "./dead-letters.ts";
import type { Environment } from "./environment.ts";
import type { Functions } from "./functions.ts";
import type { ResearchRun } from "./research-run.ts";
import { Workload } from "./workload.ts";

export interface SchedulesArgs {
  readonly environment: Environment;
  readonly functions: Functions;
  readonly research: ResearchRun;
  /** All jobs of the catalogue, by name. */
  readonly jobs: Readonly<Record<string, JobSpec>>;
}

/** The research run comes after the daily prices. */
const research = { name: "research", expression: "cron(0 19 ? * MON-FRI *)", flexibleMinutes: 15 };

/** What runs by itself, in New York's time: jobs on Lambda, and the daily research run. */
export class Schedules extends pulumi.ComponentResource {
  readonly deadLetters: DeadLetters;

  constructor(name: string, args: SchedulesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("quarry:schedules:Schedules", name, {}, opts);
    const { environment, functions, jobs } = args;
    const { schedules } = environment.config;
    const parent = { parent: this };
    this.deadLetters = new DeadLetters(`${name}-dead`, parent);
    const group = new aws.scheduler.ScheduleGroup(name, {}, parent);
    const scheduled = Object.entries(jobs).flatMap(([job, { schedule }]) =>
      schedule === undefined ? [] : [{ job, schedule }],
    );
    const role = new Workload(
      `${name}-caller`,
      {
        environment,
        service: "scheduler.amazonaws.com",
        statements: [
          {
            actions: ["lambda:InvokeFunction"],
            resources: scheduled.map(({ job }) => functions.byJob[job]!.arn),
          },
          { actions: ["states:StartExecution"], resources: [args.research.arn] },
          { actions: ["sqs:SendMessage"], resources: [this.deadLetters.arn] },
        ],
      },
      parent,
    );
    const add = (
      what: string,
      expression: string,
      flexibleMinutes: number,
      arn: pulumi.Input<string>,
      input: object,
    ): void => {
      const override = schedules.overrides[what];
      const enabled = schedules.enabled && override !== "off";
      new aws.scheduler.Schedule(
        `${name}-${what}`,
        {
          groupName: group.name,
          scheduleExpression: override === undefined || override === "off" ? expression : override,
          scheduleExpressionTimezone: "America/New_York",
          flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: flexibleMinutes },
          state: enabled ? "ENABLED" : "DISABLED",
          target: {
            arn,
            roleArn: role.arn,
            input: JSON.stringify(input),
            retryPolicy: { maximumRetryAttempts: 5, maximumEventAgeInSeconds: 6 * 3600 },
            deadLetterConfig: { arn: this.deadLetters.arn },
          },
        },
        { ...parent, dependsOn: [role.policy] },
      );
    };
    for (const { job, schedule } of scheduled) {
      const { expression, flexibleMinutes, input } = schedule;
      add(job, expression, flexibleMinutes, functions.byJob[job]!.arn, input);
    }
    add(research.name, research.expression, research.flexibleMinutes, args.research.arn, {});
    this.registerOutputs({});
  }
}
