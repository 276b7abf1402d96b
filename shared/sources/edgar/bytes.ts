const monthDays = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Days since 1970 of ten bytes `YYYY-MM-DD`, from 1900 to 2149, what ClickHouse's days hold; NaN for anything else. */
export function dayOfBytes(bytes: Buffer, from: number, to: number): number {
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
export function isAccession(bytes: Buffer, from: number, to: number): boolean {
  if (to - from !== 20) return false;
  for (let place = 0; place < 20; place++) {
    const byte = bytes[from + place]!;
    if (place === 10 || place === 13 ? byte !== 0x2d : byte < 0x30 || byte > 0x39) return false;
  }
  return true;
}
