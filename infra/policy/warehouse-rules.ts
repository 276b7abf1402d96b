import { everybody } from "../lake-settings.ts";
import type { Rule } from "./resource.ts";

/** What Redshift and the lakehouse promise. */
export const warehouseRules: readonly Rule[] = [
  {
    name: "redshift-closed",
    promise: "Redshift is in three private subnets, and talks over TLS and through the network.",
    check({ type, inputs }) {
      if (type !== "aws:redshiftserverless/workgroup:Workgroup") return [];
      const parameters = (inputs["configParameters"] ?? []) as {
        parameterKey: string;
        parameterValue: string;
      }[];
      const tls = parameters.some(
        ({ parameterKey, parameterValue }) =>
          parameterKey === "require_ssl" && parameterValue === "true",
      );
      const subnets = new Set((inputs["subnetIds"] ?? []) as string[]);
      return [
        ...(inputs["publiclyAccessible"] === false ? [] : ["publiclyAccessible is not false"]),
        ...(inputs["enhancedVpcRouting"] === true ? [] : ["enhancedVpcRouting is not true"]),
        ...(tls ? [] : ["require_ssl is not true"]),
        ...(subnets.size >= 3 ? [] : [`it has ${subnets.size} subnets`]),
      ];
    },
  },
  {
    name: "redshift-no-password",
    promise: "Nobody knows a password of Redshift: it makes its administrator's itself.",
    check({ type, inputs }) {
      if (type !== "aws:redshiftserverless/namespace:Namespace") return [];
      const given = Object.keys(inputs).filter((field) => field.startsWith("adminUserPassword"));
      return [
        ...(inputs["manageAdminPassword"] === true ? [] : ["manageAdminPassword is not true"]),
        ...given.map((field) => `${field} is given`),
      ];
    },
  },
  {
    name: "redshift-bounded",
    promise: "A limit of Redshift ends what it bounds: it does not only tell of it.",
    check({ type, inputs }) {
      if (type !== "aws:redshiftserverless/usageLimit:UsageLimit") return [];
      return [
        ...(inputs["breachAction"] === "deactivate" ? [] : ["breachAction is not deactivate"]),
        ...(inputs["usageType"] === "serverless-compute" ? [] : ["it bounds no compute"]),
        ...(Number(inputs["amount"] ?? 0) > 0 ? [] : ["it has no amount"]),
      ];
    },
  },
  {
    name: "redshift-by-secret",
    promise: "A statement is run by the administrator's secret, on a workgroup.",
    check({ type, inputs }) {
      if (type !== "aws:redshiftdata/statement:Statement") return [];
      return ["secretArn", "workgroupName"]
        .filter((field) => inputs[field] === undefined)
        .map((field) => `it has no ${field}`);
    },
  },
  {
    name: "athena-bounded",
    promise: "A workgroup of Athena bounds what a question scans, for all who ask in it.",
    check({ type, inputs }) {
      if (type !== "aws:athena/workgroup:Workgroup") return [];
      const configuration = (inputs["configuration"] ?? {}) as {
        enforceWorkgroupConfiguration?: boolean;
        bytesScannedCutoffPerQuery?: number;
        resultConfiguration?: { encryptionConfiguration?: { encryptionOption?: string } };
      };
      const { encryptionOption } = configuration.resultConfiguration?.encryptionConfiguration ?? {};
      return [
        ...(configuration.enforceWorkgroupConfiguration === true
          ? []
          : ["enforceWorkgroupConfiguration is not true"]),
        ...((configuration.bytesScannedCutoffPerQuery ?? 0) > 0 ? [] : ["it has no cutoff"]),
        ...(encryptionOption === "SSE_S3" ? [] : ["its results are not encrypted by SSE_S3"]),
      ];
    },
  },
  {
    name: "lake-grants-named",
    promise: "Lake Formation grants to whom it names what it names, and nobody passes it on.",
    check({ type, inputs }) {
      switch (type) {
        case "aws:lakeformation/permissions:Permissions": {
          const principal = String(inputs["principal"]);
          const permissions = (inputs["permissions"] ?? []) as string[];
          const passed = (inputs["permissionsWithGrantOptions"] ?? []) as string[];
          const { wildcard } = (inputs["table"] ?? {}) as { wildcard?: boolean };
          return [
            ...(/^arn:aws[\w-]*:iam::\d{12}:(role|user)\//.test(principal)
              ? []
              : [`it grants to ${principal}`]),
            ...(permissions.some((one) => /^(ALL|SUPER)/.test(one)) ? ["it grants all"] : []),
            ...(passed.length > 0 ? ["it may be passed on"] : []),
            ...(wildcard === true ? ["it grants every table"] : []),
          ];
        }
        case "aws:lakeformation/resource:Resource":
          return inputs["hybridAccessEnabled"] === false ? [] : ["IAM alone opens it as well"];
        case "aws:glue/catalogDatabase:CatalogDatabase":
        case "aws:glue/catalog:Catalog":
          return JSON.stringify(inputs).includes(everybody)
            ? [`it gives what is made in it to ${everybody}`]
            : [];
        case "aws:lakeformation/dataLakeSettings:DataLakeSettings":
          return ["it overwrites the settings of the account"];
        default:
          return [];
      }
    },
  },
  {
    name: "lake-snapshots",
    promise: "Snapshots of a table are ours, and kept as long as the configuration says.",
    check({ type, inputs }) {
      if (type !== "aws:s3tables/table:Table") return [];
      const { icebergCompaction, icebergSnapshotManagement } = (inputs[
        "maintenanceConfiguration"
      ] ?? {}) as {
        icebergCompaction?: { status?: string };
        icebergSnapshotManagement?: {
          status?: string;
          settings?: { maxSnapshotAgeHours?: number };
        };
      };
      return [
        ...(icebergCompaction?.status === "disabled" ? [] : ["S3 writes snapshots of its own"]),
        ...(icebergSnapshotManagement?.status === "enabled" &&
        (icebergSnapshotManagement.settings?.maxSnapshotAgeHours ?? 0) > 0
          ? []
          : ["it does not say how long snapshots are kept"]),
      ];
    },
  },
];
