import { InvalidInput } from "../errors.ts";

/** Whether a text can be the key of an object: letters, digits and `.-_=` between slashes, no part `.` or `..`. */
export function isObjectKey(text: string): boolean {
  return (
    /^[\w.=-]+(\/[\w.=-]+)*$/.test(text) && !text.split("/").some((part) => /^\.\.?$/.test(part))
  );
}

/**
 * A key that an object can have.
 *
 * @throws InvalidInput when it is none
 */
export function objectKey(text: string): string {
  if (isObjectKey(text)) return text;
  throw new InvalidInput(
    `Object key: expected letters, digits and . - _ = between slashes, got "${text}".`,
  );
}
