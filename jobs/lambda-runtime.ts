import { messageOf } from "../shared/errors.ts";
import type { Invocation } from "./lambda.ts";

/**
 * Speaks Lambda's runtime API: fetches invocations one after the other, and posts what the handler returns or that it failed.
 * The protocol is AWS's "Lambda runtime API", 2018-06-01; its own client compiles native code, which the image is spared
 * (docs/decisions/007).
 *
 * @param address host and port, from AWS_LAMBDA_RUNTIME_API
 * @param signal ends it between two invocations
 */
export async function serveLambda(
  address: string,
  handler: (event: unknown, invocation: Invocation) => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  const base = `http://${address}/2018-06-01/runtime/invocation`;
  const post = async (path: string, body: unknown): Promise<void> => {
    const reply = await fetch(`${base}/${path}`, { method: "POST", body: JSON.stringify(body) });
    await reply.arrayBuffer();
  };
  const isStopped = (): boolean => signal.aborted;
  while (!isStopped()) {
    let next: Response;
    try {
      next = await fetch(`${base}/next`, { signal });
    } catch (thrown) {
      if (isStopped()) return;
      throw thrown;
    }
    const id = next.headers.get("lambda-runtime-aws-request-id") ?? "";
    const deadlineMs = Number(next.headers.get("lambda-runtime-deadline-ms"));
    const invocation: Invocation = {
      awsRequestId: id,
      getRemainingTimeInMillis: () => deadlineMs - Date.now(),
    };
    try {
      await post(`${id}/response`, await handler(await next.json(), invocation));
    } catch (thrown) {
      // A failure that is returned would be a success in the eyes of S3 and EventBridge.
      await post(`${id}/error`, {
        errorMessage: messageOf(thrown),
        errorType: thrown instanceof Error ? thrown.constructor.name : "Error",
      });
    }
  }
}
