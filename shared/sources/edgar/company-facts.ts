import { MalformedRecord } from "../../errors.ts";
import type { FactFlaw, FactRows } from "./fact-rows.ts";
import { isPlain, JsonScanner } from "./json-scanner.ts";
import { issuerIdOf } from "./issuer-id.ts";

/** What a `companyfacts` body says of its company. */
export interface CompanyFacts {
  /** CIK of ten digits. */
  readonly issuerId: string;
  readonly name: string;
  /** Rows taken in, and put aside. */
  readonly facts: number;
  readonly rejected: number;
}

const none = -1;

/**
 * Reads a body of EDGAR's `companyfacts` into columns. A period is its dates: `fy`, `fp` and `frame` name the filing or a
 * calendar's cell, and are stepped over.
 *
 * @param bytes JSON: `cik` (a number, or text with zeros in front), `entityName`, `facts` by taxonomy, concept and unit
 * @param into receives the rows; is as before when the body can't be read
 * @param today days since 1970 in New York when it was fetched: nothing can have been filed later
 * @param expected the CIK that it should be about, where somebody knows
 * @throws MalformedRecord when it is cut, is no JSON, or is about another company
 */
export function readCompanyFacts(
  bytes: Buffer,
  into: FactRows,
  today: number,
  expected?: string,
): CompanyFacts {
  const before = [into.rows, into.rejected.length] as const;
  try {
    return new Reader(bytes, into, today, expected).read();
  } catch (thrown) {
    into.rewind(...before);
    throw thrown;
  }
}

class Reader {
  readonly #scan: JsonScanner;
  readonly #into: FactRows;
  readonly #today: number;
  readonly #expected: string | undefined;
  #issuer = none;
  #taxonomy = none;
  #concept = none;
  #unit = none;
  // Of the row at hand.
  #start = NaN;
  #end = NaN;
  #filed = NaN;
  #value = NaN;
  #accession = none;
  #form = none;
  #flaw: FactFlaw | undefined;

  constructor(bytes: Buffer, into: FactRows, today: number, expected: string | undefined) {
    this.#scan = new JsonScanner(bytes);
    this.#into = into;
    this.#today = today;
    this.#expected = expected;
  }

  read(): CompanyFacts {
    const scan = this.#scan;
    const into = this.#into;
    const rows = into.rows;
    const rejected = into.rejected.length;
    let issuerId = this.#expected;
    let name = "";
    let factsAt = none;
    let isRead = false as boolean;
    if (scan.peek() !== 0x7b) scan.fail("an object");
    scan.object(() => {
      if (scan.is("cik")) {
        issuerId = issuerIdOf(this.#plainOrText());
        if (issuerId === undefined) scan.fail("a CIK of at most ten digits");
      } else if (scan.is("entityName")) {
        if (scan.peek() === 0x22) {
          scan.string();
          name = scan.text();
        } else scan.skip();
      } else if (scan.is("facts")) {
        factsAt = scan.at;
        // Nearly always the company is told first, and its facts need not be walked twice.
        if (issuerId === undefined) scan.skip();
        else {
          this.#readFacts(issuerId);
          isRead = true;
        }
      } else scan.skip();
    });
    if (scan.peek() !== -1) scan.fail("the end");
    if (issuerId === undefined || factsAt === none) {
      throw new MalformedRecord("Expected an object with cik and facts.");
    }
    if (this.#expected !== undefined && issuerId !== this.#expected) {
      throw new MalformedRecord(
        `Expected the facts of ${this.#expected}, got those of ${issuerId}.`,
      );
    }
    if (!isRead) {
      scan.at = factsAt;
      this.#readFacts(issuerId);
    }
    return {
      issuerId,
      name,
      facts: into.rows - rows,
      rejected: into.rejected.length - rejected,
    };
  }

  #readFacts(issuerId: string): void {
    const scan = this.#scan;
    this.#issuer = this.#into.issuers.codeOfText(issuerId);
    if (scan.peek() !== 0x7b) {
      scan.skip();
      return;
    }
    scan.object(() => {
      this.#readTaxonomy();
    });
  }

  #readTaxonomy(): void {
    const scan = this.#scan;
    this.#taxonomy = this.#into.taxonomies.codeOf(scan.bytes, scan.from, scan.to);
    scan.object(() => {
      this.#concept = this.#into.concepts.codeOf(scan.bytes, scan.from, scan.to);
      scan.object(() => {
        if (!scan.is("units")) {
          scan.skip();
          return;
        }
        scan.object(() => {
          this.#unit = this.#into.units.codeOf(scan.bytes, scan.from, scan.to);
          this.#readRows();
        });
      });
    });
  }

  #readRows(): void {
    const scan = this.#scan;
    const first = this.#into.rows;
    scan.expect("[");
    if (scan.accept(0x5d)) return;
    do {
      scan.peek();
      const from = scan.at;
      this.#readRow();
      this.#take(first, from);
    } while (scan.accept(0x2c));
    scan.expect("]");
  }

  #readRow(): void {
    const scan = this.#scan;
    this.#start = this.#end = this.#filed = this.#value = NaN;
    this.#accession = this.#form = none;
    this.#flaw = undefined;
    scan.expect("{");
    if (scan.accept(0x7d)) return;
    do {
      scan.string();
      const { from, to } = scan;
      scan.expect(":");
      // By length first, then by the first letter: there are nine.
      const letter = scan.bytes[from]!;
      const length = to - from;
      if (length === 3 && letter === 0x76) this.#readValue();
      else if (length === 3 && letter === 0x65) this.#end = this.#day("no_period");
      else if (length === 5 && letter === 0x73) {
        if (scan.peek() === 0x6e) scan.skip();
        else this.#start = this.#day("no_period");
      } else if (length === 5 && scan.bytes[from + 1] === 0x69) {
        this.#filed = this.#day("no_filing_day");
      } else if (length === 4 && letter === 0x61) this.#accession = this.#readAccession();
      else if (length === 4 && scan.bytes[from + 1] === 0x6f) {
        if (scan.peek() === 0x22) {
          scan.string();
          this.#form = this.#into.forms.codeOf(scan.bytes, scan.from, scan.to);
        } else scan.skip();
      } else scan.skip();
    } while (scan.accept(0x2c));
    scan.expect("}");
  }

  #take(first: number, from: number): void {
    const into = this.#into;
    const flaw = this.#flaw ?? this.#flawOf();
    if (flaw !== undefined) {
      this.#reject(flaw, from);
      return;
    }
    const at = into.reserve();
    into.issuer[at] = this.#issuer;
    into.taxonomy[at] = this.#taxonomy;
    into.concept[at] = this.#concept;
    into.unit[at] = this.#unit;
    into.accession[at] = this.#accession;
    into.form[at] = this.#form === none ? into.forms.codeOfText("") : this.#form;
    into.start[at] = this.#start;
    into.end[at] = this.#end;
    into.filed[at] = this.#filed;
    into.value[at] = this.#value;
    const before = this.#sameFact(first, at);
    if (before === none) into.rows++;
    else if (into.value[before] !== this.#value) this.#reject("two_values", from);
  }

  /** An earlier row of the same fact. Rows come by period, so that it stands near. */
  #sameFact(first: number, at: number): number {
    const { start, end, accession } = this.#into;
    for (let row = at - 1; row >= first && end[row] === end[at]; row--) {
      if (accession[row] !== accession[at]) continue;
      if (start[row] === start[at] || (Number.isNaN(start[row]!) && Number.isNaN(start[at]!))) {
        return row;
      }
    }
    return none;
  }

  #flawOf(): FactFlaw | undefined {
    if (Number.isNaN(this.#value)) return "no_value";
    if (Number.isNaN(this.#end)) return "no_period";
    if (this.#start > this.#end) return "end_before_start";
    if (this.#accession === none) return "no_accession";
    if (Number.isNaN(this.#filed)) return "no_filing_day";
    if (this.#filed > this.#today) return "filed_in_future";
    if (Math.abs(this.#value) > Number.MAX_SAFE_INTEGER) return "value_not_exact";
    return undefined;
  }

  #reject(reason: FactFlaw, from: number): void {
    const { texts: taxonomies } = this.#into.taxonomies;
    const { texts: concepts } = this.#into.concepts;
    const { texts: units } = this.#into.units;
    const fact = `${taxonomies[this.#taxonomy]!}:${concepts[this.#concept]!} ${units[this.#unit]!}`;
    this.#into.rejected.push({
      reason,
      record: `${fact} ${this.#scan.bytes.toString("utf8", from, this.#scan.at)}`,
      issuerId: this.#into.issuers.texts[this.#issuer]!,
    });
  }

  #readValue(): void {
    const scan = this.#scan;
    const { bytes } = scan;
    const first = scan.peek();
    if (first === 0x22) {
      scan.string();
      this.#flaw ??= "value_is_text";
      return;
    }
    if (first === 0x7b || first === 0x5b) {
      scan.skip();
      this.#flaw ??= "no_value";
      return;
    }
    const from = scan.at;
    let at = from;
    const negative = bytes[at] === 0x2d;
    if (negative) at++;
    let whole = 0;
    const digits = at;
    for (; at < bytes.length; at++) {
      const digit = bytes[at]! - 0x30;
      if (digit < 0 || digit > 9) break;
      whole = whole * 10 + digit;
    }
    const count = at - digits;
    const plain = count === 1 || (count > 0 && count <= 15 && bytes[digits] !== 0x30);
    if (plain && !(at < bytes.length && isPlain(bytes[at]!))) {
      scan.at = at;
      this.#value = negative ? -whole : whole;
      return;
    }
    while (at < bytes.length && isPlain(bytes[at]!)) at++;
    if (at === from) scan.fail("a value");
    const text = bytes.toString("latin1", from, at);
    scan.at = at;
    if (text === "null") return;
    if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) {
      scan.at = from;
      scan.fail("a number");
    }
    this.#value = Number(text);
  }

  /** A string as a day, `YYYY-MM-DD`; NaN, and a flaw, for everything else. */
  #day(flaw: FactFlaw): number {
    const scan = this.#scan;
    if (scan.peek() !== 0x22) {
      scan.skip();
      this.#flaw ??= flaw;
      return NaN;
    }
    scan.string();
    const day = dayOfBytes(scan.bytes, scan.from, scan.to);
    if (Number.isNaN(day)) this.#flaw ??= flaw;
    return day;
  }

  #readAccession(): number {
    const scan = this.#scan;
    if (scan.peek() !== 0x22) {
      scan.skip();
      return none;
    }
    scan.string();
    return isAccession(scan.bytes, scan.from, scan.to)
      ? this.#into.accessions.codeOf(scan.bytes, scan.from, scan.to)
      : none;
  }

  #plainOrText(): string {
    const scan = this.#scan;
    if (scan.peek() === 0x22) {
      scan.string();
      return scan.text();
    }
    const from = scan.at;
    scan.skip();
    return scan.bytes.toString("latin1", from, scan.at);
  }
}

const monthDays = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Days since 1970 of ten bytes `YYYY-MM-DD`, from 1900 to 2149, what ClickHouse's days hold; NaN for anything else. */
function dayOfBytes(bytes: Buffer, from: number, to: number): number {
  if (to - from !== 10 || bytes[from + 4] !== 0x2d || bytes[from + 7] !== 0x2d) return NaN;
  for (let place = 0; place < 10; place++) {
    const byte = bytes[from + place]!;
    if (place !== 4 && place !== 7 && (byte < 0x30 || byte > 0x39)) return NaN;
  }
  const two = (at: number): number => 10 * bytes[at]! + bytes[at + 1]! - 11 * 0x30;
  const year = 100 * two(from) + two(from + 2);
  const month = two(from + 5);
  const day = two(from + 8);
  if (!(year >= 1900 && year < 2149 && month >= 1 && month <= 12 && day >= 1)) return NaN;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (day > monthDays[month]! + (leap && month === 2 ? 1 : 0)) return NaN;
  // Days from civil (Hinnant, chrono-compatible low-level date algorithms).
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146_097 +
    (ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear) -
    719_468
  );
}

/** True for 20 bytes as `0000320193-18-000145`. */
function isAccession(bytes: Buffer, from: number, to: number): boolean {
  if (to - from !== 20) return false;
  for (let place = 0; place < 20; place++) {
    const byte = bytes[from + place]!;
    if (place === 10 || place === 13 ? byte !== 0x2d : byte < 0x30 || byte > 0x39) return false;
  }
  return true;
}
