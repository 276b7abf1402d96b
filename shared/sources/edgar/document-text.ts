import { Parser } from "htmlparser2";

/** Elements that begin a line of their own. */
const blocks: ReadonlySet<string> = new Set(
  "address article aside blockquote br center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tr ul body html".split(
    " ",
  ),
);
/** Elements whose text is none of the page's. */
const silent: ReadonlySet<string> = new Set([
  "script",
  "style",
  "title",
  "head",
  "ix:header",
  "noscript",
]);
/** Elements that never have content. */
const empty: ReadonlySet<string> = new Set([
  "br",
  "hr",
  "img",
  "meta",
  "link",
  "input",
  "col",
  "area",
  "base",
  "wbr",
]);

/**
 * The text of a page as people read it: lines, cells of a table apart, without what is hidden. Plain text comes as it is.
 *
 * @param bytes a document of EDGAR's: HTML, inline XBRL, or text
 */
export function documentText(bytes: Buffer): string {
  const source = firstDocument(decode(bytes));
  if (!/<(html|body|div|p|table|document|text)\b/i.test(source.slice(0, 20_000)))
    return tidy(source);
  const parts: string[] = [];
  const open: boolean[] = [];
  let hidden = 0;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const style = attributes["style"] ?? "";
        const isHidden = silent.has(name) || /display\s*:\s*none/i.test(style);
        if (!empty.has(name)) {
          open.push(isHidden);
          if (isHidden) hidden++;
        }
        if (hidden > 0) return;
        if (blocks.has(name)) parts.push("\n");
        else if (name === "td" || name === "th") parts.push(" \t");
      },
      ontext(text) {
        if (hidden === 0) parts.push(text.replaceAll(/[\r\n]+/g, " "));
      },
      onclosetag(name) {
        if (empty.has(name)) return;
        if (open.pop() === true) hidden--;
        if (hidden === 0 && blocks.has(name)) parts.push("\n");
      },
    },
    { decodeEntities: true, lowerCaseTags: true },
  );
  parser.write(source);
  parser.end();
  return tidy(parts.join(""));
}

/** Of a whole submission, as old filings are, its first document: the report itself. */
function firstDocument(source: string): string {
  const begin = source.search(/<TEXT>/i);
  if (begin < 0 || !/<(SEC-DOCUMENT|DOCUMENT)>/i.test(source.slice(0, begin))) return source;
  const end = source.slice(begin).search(/<\/TEXT>/i);
  return source.slice(begin + "<TEXT>".length, end < 0 ? undefined : begin + end);
}

/** Old filings are Windows-1252 or ASCII, new ones UTF-8. */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** One space for many, at most one empty line. */
function tidy(text: string): string {
  return text
    .replaceAll(/[^\S\n]+/g, " ")
    .replaceAll(/ ?\n ?/g, "\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
}
