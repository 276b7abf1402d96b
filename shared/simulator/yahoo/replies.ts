import type { Reply } from "../reply.ts";

const contentType = "application/json;charset=utf-8";

/** A chart: `meta` and what follows it inside the one result. */
export function chartReply(meta: string, rest: string): Reply {
  const body = `{"chart":{"result":[{"meta":${meta},${rest}}],"error":null}}`;
  return { status: 200, contentType, body };
}

/** Unknown, renamed, or delisted and removed: Yahoo does not tell which. */
export const notFound: Reply = failure(404, "Not Found", "No data found, symbol may be delisted");

/** A request that Yahoo does not take. */
export function badRequest(description: string): Reply {
  return failure(400, "Bad Request", description);
}

function failure(status: number, code: string, description: string): Reply {
  const body = JSON.stringify({ chart: { result: null, error: { code, description } } });
  return { status, contentType, body };
}
