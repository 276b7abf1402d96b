import { published, type DataClass, type PublishedName } from "../shared/catalogue.ts";

/** What published tables are of, in the catalogue's words. */
export const dataClasses = ["prices", "research", "alternative"] as const satisfies DataClass[];

/** Folders of the lake bucket: published tables, files that Redshift is to COPY, answers of Athena. */
export const lakeFolders = { tables: "lake", copy: "copy", athena: "athena" } as const;

/**
 * What an environment's names in the Glue catalogue begin with, and its namespace in S3 Tables: both take small letters,
 * digits and underscores alone, so that an environment's hyphens become underscores.
 */
export const lakeDatabaseOf = (environment: string): string =>
  `quarry_${environment.replaceAll("-", "_")}`;

/** The Glue database of a class: one each, so that all its tables inherit its tag. */
export const classDatabaseOf = (environment: string, dataClass: DataClass): string =>
  `${lakeDatabaseOf(environment)}_${dataClass}`;

/** The key of the LF-tag that says a database's class. */
export const classTagOf = (environment: string): string => `quarry-${environment}-class`;

/** Published tables of some classes, by name. */
export const tablesOf = (classes: readonly DataClass[]): PublishedName[] =>
  (Object.keys(published) as PublishedName[]).filter((table) =>
    classes.includes(published[table].class),
  );
