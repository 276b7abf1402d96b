import { InvalidInput } from "../../shared/errors.ts";
import type { Membership } from "../../shared/market/universe.ts";
import { checkList, membershipsAsKnown } from "../../shared/warehouse/tables/memberships.ts";
import type { Warehouse } from "../../shared/warehouse/warehouse.ts";
import type { UniverseFile } from "./args.ts";

/**
 * A list of the warehouse, as known on each day.
 *
 * @throws InvalidInput for one that is not there
 */
export async function listNamed(name: string, warehouse: Warehouse): Promise<Membership[]> {
  await checkList(warehouse, name);
  return membershipsAsKnown(warehouse, name);
}

/** The members that a file named, or those of a list of the warehouse as known on each day. */
export async function membersOf(
  { file, members }: UniverseFile,
  warehouse: Warehouse,
): Promise<readonly Membership[]> {
  return members ?? listNamed(file, warehouse);
}

/**
 * What a file held.
 *
 * @throws InvalidInput for a list of the warehouse, where none is read
 */
export function inFile<Content>(file: string, content: Content | undefined): Content {
  if (content !== undefined) return content;
  throw new InvalidInput(
    `"${file}" names a list of the warehouse, and a signal in files is not evaluated with one: expected a file (./${file}?).`,
  );
}
