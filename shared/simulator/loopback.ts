import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { messageOf } from "../errors.ts";
import { FailureScript, type FailureRule } from "./failure-script.ts";
import { Limiter, type Limit } from "./limiter.ts";
import { send, sendHalf, type LineFault, type Reply } from "./reply.ts";
import type { LoggedRequest } from "./request-log.ts";

/** A request as a vendor sees it. */
export interface VendorRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<IncomingMessage["headers"]>;
  /** Empty for a GET. */
  readonly body: string;
}

/** A vendor's protocol, without the line it runs on. */
export interface Vendor<Fault extends { readonly kind: string }> {
  /** What a request is about: a symbol, a CIK. */
  subjectOf(request: VendorRequest): string;
  /** The answer; `fault` is a failure in the data, on request. */
  answer(request: VendorRequest, fault: Fault | undefined): Reply | Promise<Reply>;
  /** What a request over the limit gets. */
  readonly refusal: Reply;
}

/** How a simulated vendor runs. */
export interface LoopbackOptions<Fault> {
  /** TCP port on 127.0.0.1; default 0, any free one. */
  readonly port?: number;
  /** Default none. */
  readonly limit?: Limit;
  /** Failures from the start; more can be added to `failures` later. */
  readonly failures?: readonly FailureRule<Fault | LineFault>[];
  /** The clock of log and limiter, ms since 1970; default the machine's. */
  readonly clock?: () => number;
}

const lineFaults = new Set<string>(["reply", "stall", "cut"] satisfies LineFault["kind"][]);

function isLineFault(fault: { readonly kind: string }): fault is LineFault {
  return lineFaults.has(fault.kind);
}

/** A simulated vendor on 127.0.0.1 over HTTP/1.1 with keep-alive. */
export class Loopback<Fault extends { readonly kind: string }> implements AsyncDisposable {
  /** Every request since the start, oldest first. */
  readonly requests: LoggedRequest[] = [];
  readonly failures: FailureScript<Fault | LineFault>;
  readonly #vendor: Vendor<Fault>;
  readonly #limiter: Limiter | undefined;
  readonly #clock: () => number;
  readonly #server: Server;
  readonly #stalls = new Set<NodeJS.Timeout>();

  private constructor(vendor: Vendor<Fault>, options: LoopbackOptions<Fault>) {
    this.#vendor = vendor;
    this.#limiter = options.limit && new Limiter(options.limit);
    this.#clock = options.clock ?? Date.now;
    this.failures = new FailureScript(options.failures);
    this.#server = createServer({ keepAlive: true }, (request, response) => {
      this.#serve(request, response).catch((thrown: unknown) => {
        send(response, { status: 500, contentType: "text/plain", body: messageOf(thrown) });
      });
    });
  }

  /** Starts a vendor; resolves when it listens. */
  static async start<Fault extends { readonly kind: string }>(
    vendor: Vendor<Fault>,
    options: LoopbackOptions<Fault> = {},
  ): Promise<Loopback<Fault>> {
    const loopback = new Loopback(vendor, options);
    loopback.#server.listen(options.port ?? 0, "127.0.0.1");
    await once(loopback.#server, "listening");
    return loopback;
  }

  /** Where it listens, `http://127.0.0.1:PORT`. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Stops listening and cuts every connection; later connections are refused. */
  async close(): Promise<void> {
    for (const stall of this.#stalls) clearTimeout(stall);
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#server.listening) await this.close();
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", url: path = "/", headers } = incoming;
    const atMs = this.#clock();
    const body = method === "GET" ? "" : await text(incoming);
    const request = { method, url: new URL(path, "http://127.0.0.1"), headers, body };
    const subject = this.#vendor.subjectOf(request);
    const entry: LoggedRequest = { atMs, method, path, subject, status: 0, fault: undefined };
    this.requests.push(entry);
    const finish = (reply: Reply, deliver = send): void => {
      entry.status = reply.status;
      deliver(response, reply);
    };
    if (this.#limiter?.admit(atMs) === false) {
      finish(this.#vendor.refusal);
      return;
    }
    const fault = this.failures.next(subject);
    entry.fault = fault?.kind;
    if (fault === undefined || !isLineFault(fault)) {
      finish(await this.#vendor.answer(request, fault));
    } else if (fault.kind === "reply") {
      finish(fault.reply);
    } else if (fault.kind === "cut") {
      finish(await this.#vendor.answer(request, undefined), sendHalf);
    } else if (fault.ms !== undefined) {
      const reply = await this.#vendor.answer(request, undefined);
      this.#later(fault.ms, () => {
        finish(reply);
      });
    }
  }

  #later(ms: number, run: () => void): void {
    const stall = setTimeout(() => {
      this.#stalls.delete(stall);
      run();
    }, ms);
    this.#stalls.add(stall);
  }
}
