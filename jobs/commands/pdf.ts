import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { Failed, InvalidInput } from "../../shared/errors.ts";
import type { PdfText } from "../../shared/text/pdf/pdf-pages.ts";
import { plural } from "../../shared/units.ts";
import type { CommonFlags } from "../run-job.ts";
import { openTerminal } from "../terminal.ts";

interface Flags extends CommonFlags {
  readonly password?: string;
}

/** `quarry pdf text FILE` */
export function addPdf(program: Command): void {
  program
    .command("pdf")
    .description("what can be read of a PDF")
    .command("text")
    .description("its text page by page; scanned and blank pages are named")
    .argument("<file>", "a PDF")
    .option("--password <password>", "of an encrypted file")
    .action(async (file: string, _: unknown, command: Command) => {
      const flags = command.optsWithGlobals<Flags>();
      const { readPdf } = await import("../../shared/text/pdf/read-pdf.ts");
      const pdf = await readPdf(await bytesOf(file), { password: flags.password });
      const { state, message, pages } = pdf;
      if (state === "no_pdf" || state === "password") throw new InvalidInput(`${file}: ${message}`);
      openTerminal(true).print(flags.json ? JSON.stringify({ pages }, null, 2) : show(pdf));
      // What was readable is printed all the same.
      if (state !== "read") throw new Failed(`${file}: ${message}`);
    });
}

async function bytesOf(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch {
    throw new InvalidInput(`${file}: no such file, or it can't be read.`);
  }
}

function show({ pages }: PdfText): string {
  const of = (kind: string): string => {
    const own = pages.filter((page) => page.kind === kind).map(({ page }) => page);
    return own.length === 0 ? "" : `; ${plural(own.length, `${kind} page`)}: ${own.join(", ")}`;
  };
  return [
    ...pages.map(
      ({ page, kind, text }) => `--- ${page}${kind === "text" ? "" : ` (${kind})`}\n${text}`,
    ),
    `${plural(pages.length, "page")}${of("scan")}${of("blank")}.`,
  ].join("\n");
}
