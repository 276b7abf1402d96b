import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { s3Client } from "../../shared/objects/s3.ts";
import { skipWithout, testPython } from "./python.ts";

/**
 * Moto's S3 on a free port. It answers one request at a time, as moto looks and writes in two steps where S3 does in one.
 * It ends when its input does, so it never outlives a test run that was killed.
 */
const server = `
import logging, sys, threading
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server
logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app))
print(server.server_port, flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
`;

/** Credentials that no AWS would take. */
export const fakeCredentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "none" };

/** A client of an S3 that stands on this machine; the environment has no say in it. */
export function localClient(
  endpoint: string,
  options: Parameters<typeof s3Client>[0] = {},
): ReturnType<typeof s3Client> {
  return s3Client({ endpoint, region: "eu-west-1", credentials: fakeCredentials, ...options });
}

/**
 * An S3 by moto for the tests of a `describe`; where moto is not there they are pending, and say why. Call it in the body
 * of the `describe`. The Python that has moto is that of QUARRY_TEST_PYTHON, else `python3`.
 *
 * @returns its address, `http://127.0.0.1:port`
 */
export function useMoto(): () => string {
  let url = "";
  let stop: (() => Promise<unknown>) | undefined;
  before(async function () {
    // A profile that is named and not there would stop moto, too.
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_")),
    );
    const child = spawn(testPython, ["-c", server], { env });
    const ended = once(child, "close").catch((thrown: unknown) => [thrown]);
    const complaint = text(child.stderr);
    const first: unknown[] = await Promise.race([
      once(createInterface(child.stdout), "line"),
      ended,
    ]);
    if (typeof first[0] !== "string") {
      const reason = (await complaint).trim().split("\n").at(-1) || String(first[0]);
      skipWithout(this, "tests that need moto's S3", "moto[server]", reason);
      return;
    }
    url = `http://127.0.0.1:${first[0]}`;
    stop = () => {
      child.stdin.end();
      return ended;
    };
  });
  after(() => stop?.());
  return () => url;
}
