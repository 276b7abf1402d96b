import chromium from "@sparticuz/chromium";
import { chromium as playwright, type Browser } from "playwright-core";

/** A headless Chromium, or the reason why this machine has none. */
export async function launchBrowser(): Promise<Browser | string> {
  try {
    return await playwright.launch({
      executablePath: await chromium.executablePath(),
      args: chromium.args,
      headless: true,
    });
  } catch (thrown) {
    return `no headless Chromium here: ${String(thrown).split("\n")[0]!}`;
  }
}
