/** Bucket and key of an address in S3, the key empty for all of a bucket; undefined for another address. */
export function s3Place(address: string): { bucket: string; key: string } | undefined {
  const [, bucket, key = ""] = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(address) ?? [];
  return bucket === undefined ? undefined : { bucket, key };
}
