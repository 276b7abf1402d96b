/** What the machine is made of; ARNs are filled in by the stack. */
export interface ResearchParts {
  readonly environment: string;
  readonly queueArn: string;
  readonly coordinatorArn: string;
  readonly topicArn: string;
  /** Jobs of the registry that bring new data, with their arguments; they run side by side. */
  readonly ingest: readonly { readonly job: string; readonly arguments: object }[];
}

/** Errors of AWS that pass by themselves; a job that fails has failed after its own retries. */
const retry = [
  {
    ErrorEquals: ["Batch.ClientException", "Batch.ServerException", "Batch.AWSBatchException"],
    IntervalSeconds: 30,
    BackoffRate: 2,
    MaxAttempts: 4,
    MaxDelaySeconds: 600,
  },
];

const failsInto = (state: string) => [
  { ErrorEquals: ["States.ALL"], ResultPath: "$.failure", Next: state },
];

/** Days that the run is for, where nobody says. */
const usual = { from: "-10d", to: "session" };

/**
 * Two states that put what is given over what is usual. Constants stand in a state of their own: in the text of a function
 * they would have to be escaped.
 */
const merged = (
  names: readonly [usual: string, merge: string],
  constants: object,
  next: string,
) => ({
  [names[0]]: {
    Type: "Pass",
    Parameters: { usual: constants, "given.$": "$" },
    Next: names[1],
  },
  [names[1]]: {
    Type: "Pass",
    Parameters: { "input.$": "States.JsonMerge($.usual, $.given, false)" },
    OutputPath: "$.input",
    Next: next,
  },
});

/** A variable that is a day as jobs read it. */
const isDay = (variable: string) => ({
  Or: ["*-*-*", "-*d", "session", "today"].map((StringMatches) => ({
    Variable: variable,
    StringMatches,
  })),
});

/**
 * The daily research run as a state machine: ingest side by side, compute, evaluate; each job loads what it brings. Input:
 * `{from?, to?}`, days as YYYY-MM-DD, `session` or `-10d`.
 *
 * What is passed on is small: jobs find their work in the ledger.
 */
export function researchMachine(parts: ResearchParts): object {
  const { environment, topicArn, ingest } = parts;
  return {
    Comment: "Quarry's daily research run",
    StartAt: "Usual",
    TimeoutSeconds: 24 * 3600,
    States: {
      ...merged(["Usual", "Defaults"], usual, "Input"),
      Input: {
        Type: "Choice",
        Choices: [
          {
            And: [
              { Variable: "$.from", IsString: true },
              { Variable: "$.to", IsString: true },
              isDay("$.from"),
              isDay("$.to"),
            ],
            Next: "Ingest",
          },
        ],
        Default: "Refused",
      },
      Ingest: {
        Type: "Parallel",
        Branches: ingest.map((one, at) => branchOf(parts, one, at + 1)),
        ResultPath: null,
        Catch: failsInto("Failed"),
        Next: "Compute",
      },
      Compute: {
        ...batchJob(parts, "compute", {
          "Command.$": "States.Array('job', 'compute', States.JsonToString($), '--json')",
        }),
        Catch: failsInto("Failed"),
        Next: "Evaluate",
      },
      // One array, whose children each take factors until none is left.
      Evaluate: {
        ...batchJob(parts, "evaluate", {
          Command: ["backfill", "evaluations", "--on", "aws-batch", "--env", environment, "--json"],
        }),
        Catch: failsInto("Failed"),
        Next: "Done",
      },
      Done: { Type: "Succeed" },
      Refused: {
        Type: "Pass",
        Result: {
          Error: "InvalidInput",
          Cause: 'Expected {"from": DAY, "to": DAY}, days as YYYY-MM-DD, session or -10d.',
        },
        ResultPath: "$.failure",
        Next: "Failed",
      },
      Failed: {
        Type: "Task",
        Resource: "arn:aws:states:::sns:publish",
        Parameters: {
          TopicArn: topicArn,
          Subject: `Quarry ${environment}: the research run failed`,
          "Message.$": "States.JsonToString($.failure)",
        },
        Retry: [
          { ErrorEquals: ["States.ALL"], IntervalSeconds: 5, BackoffRate: 2, MaxAttempts: 3 },
        ],
        // A message that can't be sent must not make a failure a success.
        Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.unsent", Next: "End" }],
        ResultPath: null,
        Next: "End",
      },
      End: { Type: "Fail", ErrorPath: "$.failure.Error", CausePath: "$.failure.Cause" },
    },
  };
}

/** A branch that brings one dataset's new data: the usual arguments of its schedule, with the days of the run. */
function branchOf(parts: ResearchParts, ingest: ResearchParts["ingest"][number], number: number) {
  const names = [`Usual${number}`, `Arguments${number}`] as const;
  return {
    StartAt: names[0],
    States: {
      ...merged(names, ingest.arguments, `Ingest${number}`),
      [`Ingest${number}`]: {
        ...batchJob(parts, `ingest-${number}`, {
          "Command.$": `States.Array('job', '${ingest.job}', States.JsonToString($), '--json')`,
        }),
        End: true,
      },
    },
  };
}

/** A job on Batch that is waited for. */
function batchJob(
  { environment, queueArn, coordinatorArn }: ResearchParts,
  name: string,
  command: Readonly<Record<string, unknown>>,
) {
  return {
    Type: "Task",
    Resource: "arn:aws:states:::batch:submitJob.sync",
    Parameters: {
      JobName: `quarry-research-${name}`,
      JobQueue: queueArn,
      JobDefinition: coordinatorArn,
      ShareIdentifier: "research",
      EcsPropertiesOverride: {
        TaskProperties: [{ Containers: [{ Name: "quarry", ...command }] }],
      },
      Tags: { "quarry:run": "research", "quarry:environment": environment },
      PropagateTags: true,
    },
    TimeoutSeconds: 6 * 3600,
    Retry: retry,
    ResultPath: null,
  };
}
