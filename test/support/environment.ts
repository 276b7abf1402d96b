/**
 * Variables of the environment for the tests of a `describe`; after each test all are as they were before. Call it in the body of the
 * `describe`.
 *
 * @returns sets variables
 */
export function useEnvironment(): (values: Readonly<Record<string, string>>) => void {
  const before = new Map<string, string | undefined>();
  afterEach(() => {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    before.clear();
  });
  return (values) => {
    for (const name of Object.keys(values)) {
      if (!before.has(name)) before.set(name, process.env[name]);
    }
    Object.assign(process.env, values);
  };
}

/** Points the AWS SDK at a simulated Bedrock. */
export const bedrockAt = (url: string): Record<string, string> => ({
  AWS_ENDPOINT_URL_BEDROCK: url,
  AWS_ENDPOINT_URL_BEDROCK_RUNTIME: url,
  AWS_ACCESS_KEY_ID: "simulated",
  AWS_SECRET_ACCESS_KEY: "simulated",
});
