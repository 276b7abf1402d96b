import { readFileSync } from "node:fs";

/** What the script of the first boot is told; nothing of it is secret. */
export interface UserDataValues {
  readonly REGION: string;
  readonly PREFIX: string;
  /** Name under which clients know the server. */
  readonly HOST: string;
  readonly VERSION: string;
  /** Id of the volume of data. */
  readonly VOLUME: string;
  /** Address of a folder of a bucket, for ClickHouse's `S3()`. */
  readonly BACKUPS: string;
}

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

/** The server's own configuration, as files of `containers/clickhouse/`. */
const files = {
  CONFIGURATION: read("../../containers/clickhouse/quarry.xml").trimEnd(),
  USERS: read("../../containers/clickhouse/users.xml").trimEnd(),
};

/** The script that an instance runs when it boots. */
export function userDataOf(values: UserDataValues): string {
  const all: Readonly<Record<string, string>> = { ...values, ...files };
  return read("user-data.sh").replaceAll(/@@([A-Z]+)@@/g, (_, name: string) => {
    const value = all[name];
    if (value === undefined) throw new Error(`user-data.sh wants ${name}, which nobody gives.`);
    return value;
  });
}
