/** What an account gives to everybody when a database or a table is made: of the settings of Lake Formation. */
export interface DefaultPermissions {
  readonly createDatabaseDefaultPermissions: readonly { readonly principal: string }[];
  readonly createTableDefaultPermissions: readonly { readonly principal: string }[];
}

/** Whoever IAM lets, whatever Lake Formation says. */
export const everybody = "IAM_ALLOWED_PRINCIPALS";

/**
 * Why grants by class would keep nobody out: an account that has not gone over to Lake Formation gives each new table to
 * everybody. Undefined when it has.
 */
export function whyNotGuarded(settings: DefaultPermissions): string | undefined {
  const { createDatabaseDefaultPermissions, createTableDefaultPermissions } = settings;
  const open = [
    ["databases", createDatabaseDefaultPermissions] as const,
    ["tables", createTableDefaultPermissions] as const,
  ].flatMap(([what, given]) => (given.some((one) => one.principal === everybody) ? [what] : []));
  return open.length === 0
    ? undefined
    : `quarry:warehouse.lakehouse: Lake Formation of this account gives new ${open.join(" and ")} to ${everybody}, so that no class would be kept from anybody; an administrator clears "Use only IAM access control" in its Data Catalog settings, then run it again.`;
}
