import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { JobSpec } from "../../shared/catalogue.ts";
import type { DeadLetters } from "./dead-letters.ts";
import type { Environment } from "./environment.ts";
import type { Functions } from "./functions.ts";
import { metricsOf } from "./log-group.ts";
import type { ResearchRun } from "./research-run.ts";
import type { Topic } from "./topic.ts";

export interface ObservabilityArgs {
  readonly environment: Environment;
  readonly topic: Topic;
  readonly functions: Functions;
  readonly research: ResearchRun;
  /** Queue of the jobs whose failure a person is told of. */
  readonly loaderQueueArn: pulumi.Input<string>;
  /** Queues that ought to be empty, by what they are for. */
  readonly deadLetters: Readonly<Record<string, DeadLetters>>;
  /** All jobs of the catalogue, by name. */
  readonly jobs: Readonly<Record<string, JobSpec>>;
  /** Names of the datasets that the daily runs bring up to date. */
  readonly datasets: readonly string[];
}

interface Alarm {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Record<string, pulumi.Input<string>>;
  readonly statistic?: "Sum" | "Maximum" | "Average";
  readonly periodSeconds: number;
  readonly above?: number;
  readonly below?: number;
  /** What it means that nothing is reported. */
  readonly silence: "breaching" | "notBreaching";
  readonly says: string;
}

/** Alarms, and a budget: each is one sentence that says what is wrong. */
export class Observability extends pulumi.ComponentResource {
  readonly #args: ObservabilityArgs;
  readonly #name: string;

  constructor(name: string, args: ObservabilityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("quarry:alerts:Observability", name, {}, opts);
    this.#args = args;
    this.#name = name;
    const { environment, topic, functions, research, deadLetters, jobs } = args;
    const { config, prefix } = environment;
    for (const [what, { queueName }] of Object.entries(deadLetters)) {
      this.#alarm(`${what}-dead-letters`, {
        namespace: "AWS/SQS",
        metric: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: queueName },
        statistic: "Maximum",
        periodSeconds: 300,
        above: 0,
        silence: "notBreaching",
        says: `Something of ${what} could not be dealt with: look into its dead letters.`,
      });
    }
    for (const [job, fn] of Object.entries(functions.byJob)) {
      const dimensions = { FunctionName: fn.name };
      this.#alarm(`${job}-errors`, {
        namespace: "AWS/Lambda",
        metric: "Errors",
        dimensions,
        periodSeconds: 3600,
        above: 0,
        silence: "notBreaching",
        says: `${job} failed on Lambda.`,
      });
      if (jobs[job]?.schedule === undefined || !config.schedules.enabled) continue;
      this.#alarm(`${job}-did-not-run`, {
        namespace: "AWS/Lambda",
        metric: "Invocations",
        dimensions,
        // A weekend has two days without: three in a row are one too many.
        periodSeconds: 86_400,
        below: 1,
        silence: "breaching",
        says: `${job} did not run: its data is not fresh.`,
      });
    }
    this.#alarm("research-failed", {
      namespace: "AWS/States",
      metric: "ExecutionsFailed",
      dimensions: { StateMachineArn: research.arn },
      periodSeconds: 3600,
      above: 0,
      silence: "notBreaching",
      says: "The daily research run failed.",
    });
    if (config.schedules.enabled) {
      this.#alarm("research-did-not-run", {
        namespace: "AWS/States",
        metric: "ExecutionsStarted",
        dimensions: { StateMachineArn: research.arn },
        periodSeconds: 86_400,
        below: 1,
        silence: "breaching",
        says: "The daily research run did not begin.",
      });
    }
    for (const dataset of config.schedules.enabled ? args.datasets : []) {
      this.#alarm(`${dataset.replaceAll("_", "-")}-not-fresh`, {
        namespace: metricsOf(prefix),
        metric: "RowsLoaded",
        dimensions: { Dataset: dataset },
        periodSeconds: 86_400,
        below: 1,
        silence: "breaching",
        says: `Nothing of ${dataset} was loaded for three days.`,
      });
    }
    if (config.clickhouse.kind === "ec2") {
      const dimensions = { Environment: prefix };
      const server = { namespace: "Quarry", dimensions, statistic: "Maximum" as const };
      // An instance that is stopped at night says nothing, and nothing is wrong then.
      const silence = config.clickhouse.stopWhenIdle ? "notBreaching" : "breaching";
      const each = { ...server, periodSeconds: 300, silence } as const;
      this.#alarm("clickhouse-disk", {
        ...each,
        metric: "DiskUsed",
        above: 80,
        says: "ClickHouse's volume is more than 80 % full: enlarge it.",
      });
      this.#alarm("clickhouse-memory", {
        ...each,
        metric: "MemoryUsed",
        above: 90,
        says: "ClickHouse's memory is more than 90 % used.",
      });
      this.#alarm("clickhouse-parts", {
        ...each,
        metric: "PartsInPartition",
        above: 300,
        says: "A partition of ClickHouse has more than 300 parts: inserts are too small.",
      });
      this.#alarm("clickhouse-backup", {
        ...server,
        metric: "BackupDone",
        statistic: "Sum",
        periodSeconds: 86_400,
        below: 1,
        silence,
        says: "ClickHouse was not backed up for a day.",
      });
    }
    const rule = new aws.cloudwatch.EventRule(
      `${name}-failed-jobs`,
      {
        description:
          "Coordinators and inbox jobs that failed; children are their coordinator's matter",
        eventPattern: pulumi.jsonStringify({
          source: ["aws.batch"],
          "detail-type": ["Batch Job State Change"],
          detail: { status: ["FAILED"], jobQueue: [args.loaderQueueArn] },
        }),
      },
      { parent: this },
    );
    new aws.cloudwatch.EventTarget(
      `${name}-failed-jobs`,
      { rule: rule.name, arn: topic.arn },
      { parent: this },
    );
    new aws.budgets.Budget(
      `${name}-budget`,
      {
        budgetType: "COST",
        timeUnit: "MONTHLY",
        limitAmount: String(config.alerts.budgetUsdPerMonth),
        limitUnit: "USD",
        costFilters: [
          { name: "TagKeyValue", values: [`user:quarry:environment$${config.environment}`] },
        ],
        notifications: [80, 100].map((threshold) => ({
          comparisonOperator: "GREATER_THAN",
          notificationType: threshold === 100 ? "FORECASTED" : "ACTUAL",
          threshold,
          thresholdType: "PERCENTAGE",
          subscriberSnsTopicArns: [topic.arn],
        })),
      },
      { parent: this },
    );
    this.registerOutputs({});
  }

  #alarm(what: string, alarm: Alarm): void {
    const { topic } = this.#args;
    const threshold = alarm.above ?? alarm.below ?? 0;
    new aws.cloudwatch.MetricAlarm(
      `${this.#name}-${what}`,
      {
        alarmDescription: alarm.says,
        namespace: alarm.namespace,
        metricName: alarm.metric,
        dimensions: alarm.dimensions,
        statistic: alarm.statistic ?? "Sum",
        period: alarm.periodSeconds,
        evaluationPeriods: alarm.periodSeconds === 86_400 ? 3 : 1,
        datapointsToAlarm: alarm.periodSeconds === 86_400 ? 3 : 1,
        comparisonOperator:
          alarm.above === undefined ? "LessThanThreshold" : "GreaterThanThreshold",
        threshold,
        treatMissingData: alarm.silence,
        alarmActions: [topic.arn],
        okActions: [topic.arn],
      },
      { parent: this },
    );
  }
}
