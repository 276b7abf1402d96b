import type { ServerResponse } from "node:http";

/** What a simulated vendor answers. */
export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Ways of failing that every vendor has, on the line rather than in the data. */
export type LineFault =
  /** This reply instead of the true one. */
  | { readonly kind: "reply"; readonly reply: Reply }
  /** No byte for so long; without `ms` none before the server closes. */
  | { readonly kind: "stall"; readonly ms?: number }
  /** The headers and the first half of the body, then the connection is cut. */
  | { readonly kind: "cut" };

/** Marks every reply as made up. */
const simulatedHeader = { "x-simulated": "quarry" };

/** Sends a whole reply. */
export function send(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, headersOf(reply));
  response.end(reply.body);
}

/** Sends half a reply and cuts the connection. */
export function sendHalf(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, headersOf(reply));
  response.write(half(reply.body), () => {
    response.destroy();
  });
}

function half(body: string | Buffer): string | Buffer {
  const length = Math.floor(body.length / 2);
  return typeof body === "string" ? body.slice(0, length) : body.subarray(0, length);
}

function headersOf({ contentType, body, headers }: Reply): Record<string, string | number> {
  return {
    "content-type": contentType,
    "content-length": Buffer.byteLength(body),
    ...simulatedHeader,
    ...headers,
  };
}
