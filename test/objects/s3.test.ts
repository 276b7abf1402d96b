import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { CreateBucketCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { InvalidInput } from "../../shared/errors.ts";
import { s3Client, s3Store } from "../../shared/objects/s3.ts";
import { fakeCredentials, localClient, useMoto } from "../support/moto.ts";
import { keepsObjectStoreContract, keysOf } from "./object-store-contract.ts";

// Moto answers one request at a time: that S3 itself lets one of two writers win is S3's promise, and not shown here.
describe("the object store in S3", () => {
  const url = useMoto();
  const bucket = "quarry-test";
  let client: S3Client;
  let places = 0;
  const place = (): string => `place-${++places}/objects`;

  before(async () => {
    client = localClient(url());
    await client.send(
      new CreateBucketCommand({
        Bucket: bucket,
        CreateBucketConfiguration: { LocationConstraint: "eu-west-1" },
      }),
    );
  });
  after(() => {
    // Without moto there is none.
    (client as S3Client | undefined)?.destroy();
  });

  keepsObjectStoreContract(() => {
    const at = place();
    return { store: s3Store(bucket, at, client), other: s3Store(bucket, at, localClient(url())) };
  });

  it("says where it is, and keeps to its prefix", async () => {
    const at = place();
    const store = s3Store(bucket, at, client);
    assert.equal(store.location, `s3://quarry-test/${at}`);
    await store.putIfAbsent("a/b", Buffer.from("x"));
    await s3Store(bucket, `${at}-2`, client).putIfAbsent("c", Buffer.from("y"));
    assert.deepEqual(await keysOf(store, ""), ["a/b"]);
    const whole = s3Store(bucket, "", client);
    assert.equal(whole.location, "s3://quarry-test");
    assert.equal((await whole.get(`${at}/a/b`))!.toString(), "x");
  });

  it("lists page after page, in order", async () => {
    const at = place();
    const store = s3Store(bucket, at, client);
    const keys = Array.from({ length: 8 }, (_, number) => `k/${number}`);
    for (const key of keys) await store.putIfAbsent(key, Buffer.from("x"));
    const small = localClient(url());
    let pages = 0;
    small.middlewareStack.add(
      (next) => (args) => {
        pages++;
        return next({ ...args, input: { ...args.input, MaxKeys: 3 } });
      },
      { step: "initialize" },
    );
    assert.deepEqual(await keysOf(s3Store(bucket, at, small), "k/"), keys);
    assert.equal(pages, 3);
  });

  it("does not take a console's folder for an object", async () => {
    const at = place();
    for (const key of [`${at}/`, `${at}/folder/`, `${at}/my file`]) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: new Uint8Array() }));
    }
    const store = s3Store(bucket, at, client);
    await store.putIfAbsent("folder/a", Buffer.from("x"));
    assert.deepEqual(await keysOf(store, ""), ["folder/a"]);
  });

  it("copies an object for programs as it is then, under its own name", async () => {
    const store = s3Store(bucket, place(), client);
    await store.putIfAbsent("part/values.parquet", Buffer.from("first"));
    const first = await store.localPath("part/values.parquet");
    assert.equal(await store.localPath("part/values.parquet"), first);
    const { version } = (await store.read("part/values.parquet"))!;
    await store.replace("part/values.parquet", Buffer.from("second"), version);
    const second = await store.localPath("part/values.parquet");
    assert.match(second, /values\.parquet$/);
    assert.equal(await readFile(first, "utf8"), "first");
    assert.equal(await readFile(second, "utf8"), "second");
    await assert.rejects(store.localPath("part/none"), {
      constructor: InvalidInput,
      message: /^There is no object "part\/none" in s3:/,
    });
  });

  describe("as the environment has it", () => {
    const script = fileURLToPath(new URL("open-and-get.ts", import.meta.url));
    const key = "env/objects";

    /** What a process with nothing else of AWS in its environment prints. */
    async function run(environment: Readonly<Record<string, string>>): Promise<unknown> {
      const child = spawn(process.execPath, [script, "a"], {
        env: {
          PATH: process.env["PATH"],
          AWS_CONFIG_FILE: "/nowhere",
          AWS_SHARED_CREDENTIALS_FILE: "/nowhere",
          AWS_EC2_METADATA_DISABLED: "true",
          QUARRY_OBJECTS: `s3://${bucket}/${key}`,
          ...environment,
        },
        stdio: ["ignore", "pipe", "inherit"],
      });
      return JSON.parse(await text(child.stdout));
    }

    const keys = {
      AWS_ACCESS_KEY_ID: fakeCredentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: fakeCredentials.secretAccessKey,
    };

    it("is found by the SDK's own variables, the bucket in the path and not in the host's name", async () => {
      await s3Store(bucket, key, client).putIfAbsent("a", Buffer.from("from S3"));
      const endpoint = url().replace("127.0.0.1", "localhost");
      for (const variable of ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"]) {
        assert.deepEqual(await run({ ...keys, AWS_REGION: "eu-west-1", [variable]: endpoint }), {
          location: `s3://${bucket}/${key}`,
          text: "from S3",
        });
      }
    });

    it("says what is missing: credentials, region, a whole endpoint", async () => {
      assert.deepEqual(
        await Promise.all([
          run({ AWS_REGION: "eu-west-1", AWS_ENDPOINT_URL: url() }),
          run({ ...keys, AWS_ENDPOINT_URL: url() }),
          run({ ...keys, AWS_REGION: "eu-west-1", AWS_ENDPOINT_URL: "nonsense" }),
        ]),
        [
          {
            error: "SourceRejected",
            message:
              'There are no AWS credentials for bucket "quarry-test" (CredentialsProviderError: Could not load credentials from any providers): set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.',
          },
          {
            error: "SourceRejected",
            message: 'Bucket "quarry-test" is in no known region: set AWS_REGION to its region.',
          },
          {
            error: "SourceRejected",
            message:
              "AWS_ENDPOINT_URL (or AWS_ENDPOINT_URL_S3): expected an address like http://host:port.",
          },
        ],
      );
    });
  });
});

describe("s3Client", () => {
  it("names the bucket in the host at Amazon, and in the path elsewhere", () => {
    const { endpointProvider } = s3Client({ region: "eu-west-1" }).config;
    const of = (Endpoint?: string): string =>
      endpointProvider({ Bucket: "bucket", Region: "eu-west-1", ...(Endpoint && { Endpoint }) }).url
        .href;
    assert.equal(of(), "https://bucket.s3.eu-west-1.amazonaws.com/");
    assert.equal(
      of("https://s3.eu-west-1.amazonaws.com"),
      "https://bucket.s3.eu-west-1.amazonaws.com/",
    );
    assert.equal(of("http://localhost:9000"), "http://localhost:9000/bucket");
    assert.equal(of("https://minio.example.com"), "https://minio.example.com/bucket");
  });
});
