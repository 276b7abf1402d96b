/** A CIK as ten digits, from a number or from text with or without zeros in front; undefined for what is none. */
export function issuerIdOf(cik: string | number): string | undefined {
  const digits = /^(?:CIK)?0*([1-9]\d{0,9})$/i.exec(String(cik).trim())?.[1];
  return digits?.padStart(10, "0");
}
