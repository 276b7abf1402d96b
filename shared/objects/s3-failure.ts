import { SourceRejected, SourceUnavailable } from "../errors.ts";

/** What the SDK throws, as far as we look at it. */
interface SdkError extends Error {
  /** Of Node, when no answer came. */
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

/** The status of the answer that was thrown; undefined when there was none. */
export function statusOf(thrown: unknown): number | undefined {
  return (thrown as Partial<SdkError>).$metadata?.httpStatusCode;
}

/** How often the SDK had asked when it threw. */
export function attemptsOf(thrown: unknown): number {
  return (thrown as Partial<SdkError>).$metadata?.attempts ?? 1;
}

const throttling = /^(SlowDown|Throttl|TooManyRequests|RequestLimitExceeded|BandwidthLimit)/;
const noAnswer = /^E(CONN|PIPE|TIMEDOUT|HOST|NET|NOTFOUND|AI_)/;
const noCredentials = /^(Credentials|Token)ProviderError$/;
const badCredentials =
  /^(ExpiredToken|TokenRefreshRequired|InvalidToken|InvalidAccessKeyId|SignatureDoesNotMatch|UnrecognizedClient|InvalidClientTokenId)/;
const otherRegion =
  /^(PermanentRedirect|TemporaryRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraint)/;

/**
 * A failure of S3 as one of ours: what came, and what to do.
 *
 * @returns what was thrown, when it is no failure of S3
 */
export function s3Failure(thrown: unknown, bucket: string): unknown {
  if (!(thrown instanceof Error)) return thrown;
  const { name, code = "", message, $response }: SdkError = thrown;
  const status = statusOf(thrown);
  const what = [name, message].filter((text) => text !== "" && text !== "Error").join(": ");
  const rejected = (text: string) => new SourceRejected(text, { cause: thrown });

  if (noCredentials.test(name)) {
    return rejected(
      `There are no AWS credentials for bucket "${bucket}" (${what}): set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.`,
    );
  }
  if (code === "ERR_INVALID_URL") {
    return rejected(
      "AWS_ENDPOINT_URL (or AWS_ENDPOINT_URL_S3): expected an address like http://host:port.",
    );
  }
  if (message === "Region is missing") {
    return rejected(`Bucket "${bucket}" is in no known region: set AWS_REGION to its region.`);
  }
  if (badCredentials.test(name)) {
    return rejected(
      `S3 does not take the AWS credentials for bucket "${bucket}" (${what}): get new ones by \`aws sso login\`, or set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.`,
    );
  }
  if (otherRegion.test(name) || status === 301) {
    const region = $response?.headers?.["x-amz-bucket-region"];
    return rejected(
      `Bucket "${bucket}" is in another region (${what}): set AWS_REGION to ${region ?? "its region"}.`,
    );
  }
  if (name === "NoSuchBucket") {
    return rejected(
      `There is no bucket "${bucket}": create it, or name another one in QUARRY_OBJECTS.`,
    );
  }
  if (name === "RequestTimeTooSkewed") {
    return rejected(
      `S3 refuses requests for bucket "${bucket}" (${what}): set the clock of this machine.`,
    );
  }
  if (status === 403 || status === 401) {
    // Without s3:ListBucket S3 says this of a key that is not there, too.
    return rejected(
      `S3 refuses access to bucket "${bucket}" (${what}): allow s3:GetObject, s3:PutObject and s3:ListBucket, or name another bucket in QUARRY_OBJECTS.`,
    );
  }
  if (name === "NotImplemented" || status === 501) {
    return rejected(
      `The store of bucket "${bucket}" can't do what Quarry needs (${what}): name one in QUARRY_OBJECTS that has S3's conditional writes.`,
    );
  }
  if (throttling.test(name) || status === 429) {
    return new SourceUnavailable(
      `S3 is asked too often for bucket "${bucket}" (${what}): try again later.`,
      { cause: thrown, throttled: true },
    );
  }
  // What came is not what was sent, or stopped short, is as good as no answer.
  const lost = noAnswer.test(code) || name === "TimeoutError" || /^Checksum mismatch/.test(message);
  if (lost || (status !== undefined && (status >= 500 || status === 408 || status === 409))) {
    return new SourceUnavailable(
      `S3 can't answer for bucket "${bucket}" now (${what}): try again later.`,
      { cause: thrown },
    );
  }
  if (status === undefined) return thrown;
  return rejected(
    `S3 refuses a request for bucket "${bucket}" (${status} ${what}): see QUARRY_OBJECTS and AWS_REGION.`,
  );
}
