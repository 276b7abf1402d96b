/** What all names of an environment begin with, at most 23 characters. */
export const prefixOf = (environment: string): string => `quarry-${environment}`;

/** A short mark of some settings: the same settings have the same one. */
export function markOf(value: unknown): string {
  // FNV-1a: no secret, no need of more.
  let hash = 0x811c9dc5;
  for (const character of JSON.stringify(value)) {
    hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193) >>> 0;
  }
  return hash.toString(36).padStart(7, "0");
}
