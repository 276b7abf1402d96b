import { formatCount, plural } from "../../shared/units.ts";
import type { Admission } from "../../shared/warehouse/prices/admit.ts";

/** An admission in a few lines. */
export function showAdmission(admission: Admission): string[] {
  const { rows, admitted, unchanged, revised, repeated, quarantined, emptied, securities } =
    admission;
  const span =
    admission.firstDay === null ? "" : `, ${admission.firstDay} to ${admission.lastDay ?? ""}`;
  const lines = [
    `${plural(rows, "row")}: ${plural(admitted, "new bar")} of ${plural(securities.seen, "security", "securities")} (${formatCount(securities.added)} new)${span}`,
  ];
  if (unchanged > 0) lines.push(`  ${formatCount(unchanged)} were there already`);
  if (revised > 0)
    lines.push(
      `  ${formatCount(revised)} differ from what was there: kept as revisions, known from now on`,
    );
  if (repeated > 0)
    lines.push(`  ${formatCount(repeated)} stood there more than once with the same values`);
  for (const [reason, count] of Object.entries(quarantined)) {
    lines.push(`  ${formatCount(count)} in quarantine: ${reason}`);
  }
  for (const [field, count] of Object.entries(emptied)) {
    if (count === 0) continue;
    lines.push(
      field === "unreadable"
        ? `  ${plural(count, "cell")} held text that is no number`
        : `  ${formatCount(count)} with a ${field} that can't be, which was emptied`,
    );
  }
  return lines;
}
