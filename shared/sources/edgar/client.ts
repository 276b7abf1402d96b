import { InvalidInput, causeOf, SourceRejected, SourceUnavailable } from "../../errors.ts";
import { secondMs } from "../../units.ts";

/** A reply as it came over the wire, unpacked. */
export interface EdgarReply {
  readonly url: string;
  readonly status: number;
  readonly fetchedMs: number;
  /** Empty when EDGAR has nothing there. */
  readonly bytes: Buffer;
  /** False when EDGAR has nothing there: 404, or the 403 of its archive. */
  readonly found: boolean;
  /** Total length that a partial reply tells; undefined for a whole one. */
  readonly ofLength: number | undefined;
  /** Changes with the file. */
  readonly etag: string | undefined;
}

export interface EdgarClientOptions {
  /** Where EDGAR is served; the public one has its API under another name. */
  readonly baseUrl: URL;
  /** Who asks, with an address to write to. */
  readonly contact: string;
  /** Longest wait for a whole reply. */
  readonly timeoutMs: number;
  readonly now: () => number;
}

/** Bytes of a file, both ends included. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

export type EdgarClient = ReturnType<typeof openEdgar>;

/** Which host serves what, where EDGAR is the public one. */
const apiOrigin = "https://data.sec.gov";
const publicHost = "www.sec.gov";

/**
 * The contact address of the User-Agent, without which EDGAR serves nobody.
 *
 * @throws InvalidInput when there is none
 */
export function contactOf(text: string | undefined): string {
  if (text !== undefined && /\S@\S+\.\S/.test(text) && /^[\x20-\x7e]+$/.test(text)) return text;
  throw new InvalidInput(
    `EDGAR_CONTACT: EDGAR serves only who says how to reach them: expected a name and an e-mail address ("Example Fund data@example.com"), got ${text === undefined || text === "" ? "nothing" : `"${text}"`}.`,
  );
}

/** Opens the client. */
export function openEdgar({ baseUrl, contact, timeoutMs, now }: EdgarClientOptions) {
  const headers = { "user-agent": contactOf(contact), accept: "*/*" };

  function urlOf(path: string): URL {
    const isApi = path.startsWith("/api/") || path.startsWith("/submissions/");
    const origin = isApi && baseUrl.host === publicHost ? apiOrigin : baseUrl;
    return new URL(`${new URL(origin).pathname.replace(/\/$/, "")}${path}`, origin);
  }

  /**
   * Asks for a file.
   *
   * @param path `/submissions/CIK0000320193.json`, `/api/xbrl/...`, `/Archives/...`, `/files/...`
   * @throws SourceUnavailable when EDGAR is down, stalls, breaks off, or throttles
   * @throws SourceRejected when it refuses us as we introduce ourselves
   */
  async function get(path: string, signal: AbortSignal, range?: ByteRange): Promise<EdgarReply> {
    const url = urlOf(path);
    let response: Response;
    let bytes: Buffer;
    try {
      response = await fetch(url, {
        headers: range ? { ...headers, range: `bytes=${range.from}-${range.to}` } : headers,
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
      bytes = Buffer.from(await response.arrayBuffer());
    } catch (thrown) {
      signal.throwIfAborted();
      throw new SourceUnavailable(
        `EDGAR at ${url.origin} does not answer (${causeOf(thrown)}); try again later, or check EDGAR_BASE_URL.`,
        { cause: thrown },
      );
    }
    const found = judge(response, bytes, url);
    const total = /\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1];
    return {
      url: url.href,
      status: response.status,
      fetchedMs: now(),
      bytes: found ? bytes : Buffer.alloc(0),
      found,
      ofLength: total === undefined ? undefined : Number(total),
      etag: response.headers.get("etag") ?? undefined,
    };
  }

  return { origin: baseUrl.origin, get };
}

/** A ban for asking too often lasts so long. */
const banMs = 600 * secondMs;

/** @returns false when EDGAR has nothing there */
function judge({ status, headers }: Response, bytes: Buffer, url: URL): boolean {
  if (status === 200 || status === 206) return true;
  if (status === 404) return false;
  const at = `EDGAR at ${url.origin}`;
  const text = bytes.subarray(0, 8192).toString("utf8");
  if (status === 429) {
    const seconds = Number(headers.get("retry-after"));
    throw new SourceUnavailable(`${at} throttles us (HTTP 429); try again later.`, {
      retryAfterMs: seconds > 0 ? seconds * secondMs : undefined,
      throttled: true,
    });
  }
  if (status === 403) {
    // The archive lies in a bucket that answers so for what is not there.
    if (text.includes("<Code>AccessDenied</Code>")) return false;
    if (/request rate threshold/i.test(text)) {
      throw new SourceUnavailable(
        `${at} bans us for asking too often (HTTP 403, request rate threshold); the ban ends after ${banMs / 60 / secondMs} minutes without requests.`,
        { forbidden: true, retryAfterMs: undefined },
      );
    }
    if (/undeclared automated tool/i.test(text)) {
      throw new SourceRejected(
        `${at} takes us for an undeclared tool (HTTP 403): set EDGAR_CONTACT to a name and an e-mail address that it accepts.`,
      );
    }
    throw new SourceUnavailable(`${at} refuses us (HTTP 403): ${text.slice(0, 120).trim()}`, {
      forbidden: true,
    });
  }
  if (status >= 500) throw new SourceUnavailable(`${at} fails (HTTP ${status}); try again later.`);
  throw new SourceRejected(`${at} rejects ${url.pathname} (HTTP ${status}): ${text.slice(0, 120)}`);
}
