import { InvalidInput, messageOf, SourceRejected, SourceUnavailable } from "../../errors.ts";
import { settings } from "../../env.ts";
import { deploymentParameter, parseDeployment, type Deployment } from "../deployment.ts";

/**
 * Reads what an environment's stack wrote down.
 *
 * @throws InvalidInput when it was never deployed
 */
export async function readDeployment(environment: string): Promise<Deployment> {
  const { GetParameterCommand, SSMClient } = await import("@aws-sdk/client-ssm");
  const ssm = new SSMClient({});
  const name = deploymentParameter(environment);
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name }));
    return parseDeployment(Parameter?.Value ?? "", environment);
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === "ParameterNotFound") {
      throw new InvalidInput(
        `Environment "${environment}" was never deployed (no parameter ${name}); run "pulumi up" for it first.`,
        { cause: thrown },
      );
    }
    throw failureOf(thrown, "SSM");
  } finally {
    ssm.destroy();
  }
}

/**
 * Gives a secret of an environment its value; the stack made it, empty.
 *
 * @param name without the environment's prefix, as `clickhouse-writer`
 * @throws InvalidInput when the stack made no such secret
 */
export async function putSecret(
  { region, prefix }: Deployment,
  name: string,
  value: string,
): Promise<void> {
  const { PutSecretValueCommand, SecretsManagerClient } =
    await import("@aws-sdk/client-secrets-manager");
  const client = new SecretsManagerClient({ region });
  try {
    await client.send(
      new PutSecretValueCommand({ SecretId: `${prefix}-${name}`, SecretString: value }),
    );
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === "ResourceNotFoundException") {
      throw new InvalidInput(
        `Expected a secret that the stack made, got "${name}": there is no ${prefix}-${name}.`,
        { cause: thrown },
      );
    }
    throw failureOf(thrown, "Secrets Manager");
  } finally {
    client.destroy();
  }
}

/**
 * Values that an environment names and does not hold: of `X_SECRET` a secret's, of `X_PARAMETER` a parameter's, as X.
 *
 * @param environment variables by name
 * @throws SourceRejected when one can't be read
 */
export async function readReferences(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const [variable, id] of Object.entries(environment)) {
    const [, name, kind] = /^([A-Z_]+)_(SECRET|PARAMETER)$/.exec(variable) ?? [];
    if (name === undefined || id === undefined || id === "" || !isOurs(name)) continue;
    values[name] = kind === "SECRET" ? await secretOf(id) : await parameterOf(id);
  }
  return values;
}

const isOurs = (name: string): boolean =>
  Object.values(settings).some(({ variable }) => variable === name);

async function secretOf(id: string): Promise<string> {
  const { GetSecretValueCommand, SecretsManagerClient } =
    await import("@aws-sdk/client-secrets-manager");
  const client = new SecretsManagerClient({});
  try {
    return (await client.send(new GetSecretValueCommand({ SecretId: id }))).SecretString ?? "";
  } catch (thrown) {
    throw failureOf(thrown, `Secrets Manager (${id})`);
  } finally {
    client.destroy();
  }
}

async function parameterOf(name: string): Promise<string> {
  const { GetParameterCommand, SSMClient } = await import("@aws-sdk/client-ssm");
  const client = new SSMClient({});
  try {
    return (await client.send(new GetParameterCommand({ Name: name }))).Parameter?.Value ?? "";
  } catch (thrown) {
    throw failureOf(thrown, `SSM (${name})`);
  } finally {
    client.destroy();
  }
}

/**
 * Starts the research run of an environment.
 *
 * @returns the ARN of the execution
 * @throws InvalidInput when the environment has no such machine
 */
export async function startResearch(
  { region, stateMachine }: Deployment,
  input: object,
): Promise<string> {
  if (stateMachine === undefined) {
    throw new InvalidInput('The environment has no research run: run "pulumi up" for it again.');
  }
  const { SFNClient, StartExecutionCommand } = await import("@aws-sdk/client-sfn");
  const client = new SFNClient({ region });
  try {
    const started = await client.send(
      new StartExecutionCommand({ stateMachineArn: stateMachine, input: JSON.stringify(input) }),
    );
    return started.executionArn ?? "";
  } catch (thrown) {
    throw failureOf(thrown, "Step Functions");
  } finally {
    client.destroy();
  }
}

/** An error of the SDK in Quarry's words. */
export function failureOf(thrown: unknown, service: string): Error {
  const error = thrown as Error & { $metadata?: { httpStatusCode?: number }; code?: string };
  const status = error.$metadata?.httpStatusCode;
  const said = messageOf(thrown);
  if (
    /CredentialsProviderError|ExpiredToken|UnrecognizedClient|InvalidSignature/.test(error.name)
  ) {
    return new SourceRejected(
      `${service} does not know us (${said}): the AWS credentials are missing or expired; log in and try again.`,
      { cause: thrown },
    );
  }
  if (/AccessDenied/.test(error.name) || status === 403) {
    return new SourceRejected(
      `${service} refuses us (${said}): the role lacks a permission that the stack grants to its operators.`,
      { cause: thrown },
    );
  }
  if (/TooManyRequests|Throttl/.test(error.name) || status === 429) {
    return new SourceUnavailable(`${service} is asked too often (${said}); try again later.`, {
      cause: thrown,
      throttled: true,
    });
  }
  if (status === undefined || status >= 500) {
    return new SourceUnavailable(`${service} does not answer (${said}); try again later.`, {
      cause: thrown,
    });
  }
  return new SourceRejected(
    `${service} rejects the request (${said}): is the environment deployed in this region, queue, job definition and image?`,
    { cause: thrown },
  );
}
