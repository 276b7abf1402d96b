import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** A request to Glue as a test sees it before it is answered. */
export type GlueScript = (
  action: string,
  body: Record<string, unknown>,
) => { readonly status: number; readonly type: string } | "lose" | undefined;

/**
 * Stands before moto and keeps Glue's rule that moto forgets: a table is updated only from the version that it has
 * (`VersionId`), and says which that is. Everything else goes through.
 *
 * @param script what it answers instead; `lose` lets a request through and loses its answer
 */
export async function strictGlue(
  moto: string,
  script: GlueScript = () => undefined,
): Promise<AsyncDisposable & { readonly url: string; readonly actions: string[] }> {
  const versions = new Map<string, number>();
  const actions: string[] = [];
  const server = createServer((request, response) => {
    void answer(request).then(({ status, headers, bytes }) => {
      if (status === 0) {
        response.destroy();
        return;
      }
      response.writeHead(status, headers).end(bytes);
    });
  });
  const answer = async (request: IncomingMessage) => {
    const bytes = await buffer(request);
    const action = String(request.headers["x-amz-target"] ?? "").replace("AWSGlue.", "");
    const body = action === "" ? {} : (JSON.parse(bytes.toString()) as Record<string, unknown>);
    const table = (body["TableInput"] as { Name?: string } | undefined)?.Name ?? body["Name"];
    const key = `${String(body["DatabaseName"])}.${String(table)}`;
    if (action !== "") actions.push(action);
    const refuse = (status: number, type: string) => ({
      status,
      headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-errortype": type },
      bytes: Buffer.from(JSON.stringify({ __type: type, message: `${type} of a test` })),
    });
    const said = script(action, body);
    if (typeof said === "object") return refuse(said.status, said.type);
    if (action === "UpdateTable" && body["VersionId"] !== String(versions.get(key) ?? 0)) {
      return refuse(400, "ConcurrentModificationException");
    }
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => name !== "host"),
    );
    const reply = await fetch(`${moto}${request.url!}`, {
      method: request.method!,
      headers: headers as Record<string, string>,
      ...(bytes.length > 0 && { body: bytes }),
    });
    let text = Buffer.from(await reply.arrayBuffer());
    if (reply.ok && action === "UpdateTable") versions.set(key, (versions.get(key) ?? 0) + 1);
    if (reply.ok && action === "GetTable") {
      const told = JSON.parse(text.toString()) as { Table: Record<string, unknown> };
      told.Table["VersionId"] = String(versions.get(key) ?? 0);
      text = Buffer.from(JSON.stringify(told));
    }
    const type = reply.headers.get("content-type") ?? "application/x-amz-json-1.1";
    return {
      status: said === "lose" ? 0 : reply.status,
      headers: { "content-type": type },
      bytes: text,
    };
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    actions,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
