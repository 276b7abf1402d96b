import * as pulumi from "@pulumi/pulumi";
import { Bucket } from "./bucket.ts";
import { lakeFolders } from "../lake-names.ts";
import type { Environment } from "./environment.ts";

export interface StorageArgs {
  readonly environment: Environment;
}

/** A folder whose files are needed for a while. */
const goneAfterAWeek = (folder: string) => ({
  id: `${folder}-goes`,
  status: "Enabled",
  filter: { prefix: `${folder}/` },
  expiration: { days: 7 },
});

/** The buckets: what vendors sent, what is made of it, what is published, and what is dropped in. */
export class Storage extends pulumi.ComponentResource {
  /** Vendors' replies, for good. */
  readonly raw: Bucket;
  /** The object store: ledger, claims, column files, panels. */
  readonly work: Bucket;
  readonly lake: Bucket;
  readonly inbox: Bucket;

  constructor(name: string, { environment }: StorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("quarry:storage:Storage", name, {}, opts);
    const bucket = (
      role: string,
      oldVersionDays: number,
      rules: ConstructorParameters<typeof Bucket>[1]["rules"] = [],
      keep = false,
    ): Bucket =>
      new Bucket(`${name}-${role}`, { environment, oldVersionDays, rules, keep }, { parent: this });
    // Never deleted; read again only when a table is rebuilt.
    this.raw = bucket(
      "raw",
      365,
      [
        {
          id: "captures-grow-cold",
          status: "Enabled",
          filter: { prefix: "captures/" },
          transitions: [
            { days: 30, storageClass: "STANDARD_IA" },
            { days: 180, storageClass: "GLACIER_IR" },
          ],
        },
      ],
      true,
    );
    // Leases are written over and over. Panels are not deleted by age: their files are named by content, and an old one may be
    // part of a new panel.
    this.work = bucket("work", 7, [
      {
        id: "panels-grow-cold",
        status: "Enabled",
        filter: { prefix: "columns/panels/" },
        transitions: [{ days: 30, storageClass: "STANDARD_IA" }],
      },
    ]);
    const { lakehouse, redshift } = environment.config.warehouse;
    this.lake = bucket("lake", 30, [
      // Answers of Athena, and files that Redshift has taken: each is there again by asking again.
      ...(lakehouse === "none" ? [] : [goneAfterAWeek(lakeFolders.athena)]),
      ...(redshift === "none" ? [] : [goneAfterAWeek(lakeFolders.copy)]),
    ]);
    this.inbox = bucket("inbox", 30, [
      {
        id: "taken-in",
        status: "Enabled",
        filter: { prefix: "inbox/" },
        transitions: [{ days: 30, storageClass: "STANDARD_IA" }],
      },
    ]);
    this.registerOutputs({});
  }
}
