import { MalformedRecord } from "../../errors.ts";

const quote = 0x22;
const backslash = 0x5c;

/**
 * Walks JSON in UTF-8 without making objects of it: `JSON.parse` makes 25,000 of a company, and half of the time goes there.
 * What it steps over it checks for balance only.
 */
export class JsonScanner {
  readonly bytes: Buffer;
  at = 0;
  /** Bounds of the last string read, without its quotes, and whether it has escapes. */
  from = 0;
  to = 0;
  escaped = false;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    // A byte order mark is no JSON, and some writers put one.
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.at = 3;
  }

  /** The next byte that is no white space, not consumed; -1 at the end. */
  peek(): number {
    const { bytes } = this;
    while (this.at < bytes.length) {
      const byte = bytes[this.at]!;
      if (byte > 0x20) return byte;
      this.at++;
    }
    return -1;
  }

  /** @throws MalformedRecord when something else comes */
  expect(character: string): void {
    if (this.peek() !== character.charCodeAt(0)) this.fail(`"${character}"`);
    this.at++;
  }

  /** Consumes a character if it is the next one. */
  accept(character: number): boolean {
    if (this.peek() !== character) return false;
    this.at++;
    return true;
  }

  /** Reads a string; its bounds stand in `from`, `to`. */
  string(): void {
    if (this.peek() !== quote) this.fail("a string");
    const { bytes } = this;
    let at = this.at + 1;
    this.from = at;
    this.escaped = false;
    for (; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (byte === quote) {
        this.to = at;
        this.at = at + 1;
        return;
      }
      if (byte === backslash) {
        this.escaped = true;
        at++;
      }
    }
    this.at = bytes.length;
    this.fail("the end of a string");
  }

  /** The last string that was read. */
  text(): string {
    const raw = this.bytes.toString("utf8", this.from, this.to);
    return this.escaped ? (JSON.parse(`"${raw}"`) as string) : raw;
  }

  /** Walks the members of an object: `member` is called behind each key, whose bounds stand in `from`, `to`. */
  object(member: () => void): void {
    this.expect("{");
    if (this.accept(0x7d)) return;
    do {
      this.string();
      const { from, to, escaped } = this;
      this.expect(":");
      this.from = from;
      this.to = to;
      this.escaped = escaped;
      member();
    } while (this.accept(0x2c));
    this.expect("}");
  }

  /** Steps over a value of any kind. */
  skip(): void {
    const { bytes } = this;
    const first = this.peek();
    if (first === quote) {
      this.string();
      return;
    }
    if (first !== 0x7b && first !== 0x5b) {
      const from = this.at;
      while (this.at < bytes.length && isPlain(bytes[this.at]!)) this.at++;
      if (this.at === from) this.fail("a value");
      return;
    }
    let depth = 0;
    while (this.at < bytes.length) {
      const byte = bytes[this.at]!;
      if (byte === quote) {
        this.string();
        continue;
      }
      this.at++;
      if (byte === 0x7b || byte === 0x5b) depth++;
      else if (byte === 0x7d || byte === 0x5d) {
        depth--;
        if (depth === 0) return;
      }
    }
    this.fail("the end of a value");
  }

  /** True when the string that was read is these ASCII characters. */
  is(text: string): boolean {
    if (this.to - this.from !== text.length) return false;
    for (let at = 0; at < text.length; at++) {
      if (this.bytes[this.from + at] !== text.charCodeAt(at)) return false;
    }
    return true;
  }

  fail(expected: string): never {
    const came =
      this.at >= this.bytes.length
        ? "the end"
        : `"${this.bytes.toString("utf8", this.at, Math.min(this.bytes.length, this.at + 20))}"`;
    throw new MalformedRecord(`Expected ${expected} at byte ${this.at}, got ${came}.`);
  }
}

/** Bytes of numbers, true, false and null. */
export function isPlain(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    byte === 0x2d ||
    byte === 0x2b ||
    byte === 0x2e ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x45
  );
}
