/**
 * A value as JSON that may stand inside a `<script>` element: no `<` remains, so nothing can close the element or open a
 * comment, and no line separator that older parsers choke on.
 */
export function embeddedJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * Code as it may stand inside a `<script>` element: `\x3c/script` means the same within a string or a pattern. Line ends
 * are the ones a browser's parser leaves, so that a hash of the text is the hash the browser computes.
 */
export function embeddedScript(code: string): string {
  return code.replaceAll("\r\n", "\n").replace(/<(?=\/script|!--)/gi, "\\x3c");
}
