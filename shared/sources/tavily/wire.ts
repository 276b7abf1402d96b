import { AsyncLocalStorage } from "node:async_hooks";
import axios from "axios";

/** What came over the wire, which the library that asks does not tell. */
export interface Wire {
  url: string;
  /** 0 when no answer came. */
  status: number;
  /** Of the body, as it was sent. */
  text: string;
  retryAfter: string | undefined;
}

const current = new AsyncLocalStorage<Wire>();

axios.interceptors.request.use((config) => {
  const wire = current.getStore();
  if (wire === undefined) return config;
  wire.url = config.url ?? "";
  // The body is kept as it came, and then read as it always is.
  config.transformResponse = [
    (body: unknown, headers, status): unknown => {
      wire.status = status ?? 0;
      wire.text = typeof body === "string" ? body : "";
      wire.retryAfter = String(headers["retry-after"] ?? "") || undefined;
      try {
        return JSON.parse(wire.text);
      } catch {
        return body;
      }
    },
  ];
  return config;
});

/** Runs a request of a library that asks by axios. @returns what it gave or threw, and what came over the wire */
export async function overWire<Result>(
  ask: () => Promise<Result>,
): Promise<{ readonly wire: Wire } & ({ readonly result: Result } | { readonly thrown: unknown })> {
  const wire: Wire = { url: "", status: 0, text: "", retryAfter: undefined };
  return current.run(wire, async () => {
    try {
      return { wire, result: await ask() };
    } catch (thrown) {
      return { wire, thrown };
    }
  });
}
