import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { renderOverview } from "../../../shared/evaluation/tear-sheet/render-overview.ts";
import { renderTearSheet } from "../../../shared/evaluation/tear-sheet/render-tear-sheet.ts";
import { launchBrowser } from "./browser.ts";
import { sampleMarket } from "./sample-market.ts";
import { sampleFactors, sampleOverview, sampleSheets } from "./sample-sheets.ts";

const charts = 13;

describe("the pages in a browser", function () {
  this.timeout(180_000);
  let browser: Browser | undefined;
  let page: Page;
  let folder: string;
  const complaints: string[] = [];
  const requests: string[] = [];

  /** Opens a page from disk at a width, in a theme. */
  async function open(name: string, width: number, colorScheme: "light" | "dark"): Promise<void> {
    complaints.length = requests.length = 0;
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme, media: "screen" });
    await page.goto(pathToFileURL(join(folder, name)).href);
  }

  /** How many shapes in the colours of data each chart has: axes and grid are none, an empty chart has 0. */
  async function marks(): Promise<number[]> {
    const painted = ["fill", "stroke"].map(
      (paint) => `[${paint}*="--"]:not([${paint}*="--grid"], [${paint}*="--ink-3"])`,
    );
    const shapes = `svg :is(path, circle, rect):is(${painted.join()})`;
    const places = await page.locator(".chart").all();
    return Promise.all(places.map((place) => place.locator(shapes).count()));
  }

  /** Computed styles: of the page, and of the first text in a chart. */
  function look(): Promise<[paper: string, ink: string]> {
    return page.evaluate(`[
      getComputedStyle(document.body).backgroundColor,
      getComputedStyle(document.querySelector(".chart svg text")).fill,
    ]`);
  }

  before(async function () {
    const launched = await launchBrowser();
    if (typeof launched === "string") {
      console.warn(`    ${launched}`);
      this.skip();
    }
    browser = launched;
    page = await browser.newPage();
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("dialog", (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("request", (request) => requests.push(request.url()));

    folder = await mkdtemp(join(tmpdir(), "quarry-tear-sheet-"));
    const market = sampleMarket(40, 320);
    const factors = sampleFactors(market);
    const sheets = sampleSheets(market, factors, { everything: true, simulated: true });
    await writeFile(join(folder, "factor-0.html"), renderTearSheet(sheets[0]!));
    await writeFile(join(folder, "factor-3.html"), renderTearSheet(sheets[3]!));
    await writeFile(
      join(folder, "index.html"),
      renderOverview(sampleOverview(market, factors, sheets)),
    );
  });

  after(async () => {
    await browser?.close();
    if (browser) await rm(folder, { recursive: true });
  });

  for (const [width, theme] of [
    [1280, "light"],
    [400, "dark"],
  ] as const) {
    it(`are quiet, whole and fit at ${width} px, ${theme}`, async () => {
      for (const [name, count] of [
        ["factor-0.html", charts],
        ["factor-3.html", charts],
        ["index.html", 1],
      ] as const) {
        await open(name, width, theme);
        assert.deepEqual(complaints, [], name);
        assert.deepEqual(requests, [page.url()], name);
        const drawn = await marks();
        assert.equal(drawn.length, count, name);
        assert.ok(Math.min(...drawn) > 2, `${name}: ${drawn.join(" ")}`);
        const wide = await page.evaluate("document.documentElement.scrollWidth");
        assert.equal(wide, width, `${name} scrolls sideways`);
      }
    });
  }

  it("follow the system's theme until another is chosen, charts included", async () => {
    await open("factor-0.html", 1280, "dark");
    const [dark, button] = [await look(), page.getByRole("button", { name: /theme/ })];
    await button.click();
    const light = await look();
    assert.equal(light[0], "rgb(255, 255, 255)");
    assert.notEqual(light[0], dark[0]);
    assert.notEqual(light[1], dark[1]);
    assert.equal(await button.textContent(), "Dark");
    await page.reload();
    assert.deepEqual(await look(), light, "the choice is remembered");
    await button.click();
    assert.deepEqual(await look(), dark);
    await page.evaluate("localStorage.clear()");
  });

  it("switch every part to another horizon", async () => {
    await open("factor-0.html", 1280, "light");
    assert.match(await page.locator("#key-title").innerText(), /at 5 sessions/);
    const label = (): Promise<string | null> =>
      page.getByRole("img", { name: /^Rank IC of each day/ }).getAttribute("aria-label");
    assert.match((await label())!, /at 5 sessions/);
    await page.getByText("21", { exact: true }).first().click();
    assert.match(await page.locator("#key-title").innerText(), /at 21 sessions/);
    assert.match((await label())!, /at 21 sessions/);
    assert.ok(Math.min(...(await marks())) > 0);
    assert.deepEqual(complaints, []);
  });

  it("tell the value and its error of a bar under the pointer", async () => {
    await open("factor-0.html", 1280, "light");
    const chart = page.getByRole("img", { name: /^Mean rank IC at/ });
    await chart.scrollIntoViewIfNeeded();
    const box = (await chart.boundingBox())!;
    // The middle of the last group's second bar, a little above the zero line.
    await page.mouse.move(box.x + 48 + (box.width - 60) * 0.92, box.y + box.height - 60);
    assert.match(await chart.innerText(), /21, delay 1: 0\.\d{4} ± 0\.\d{4}/);
  });

  it("sort the overview by any column, numbers from high to low first", async () => {
    await open("index.html", 1280, "light");
    const column = (at: number): Promise<string[]> =>
      page.locator(`.factors tbody tr > :nth-child(${at})`).allInnerTexts();
    const order = async (): Promise<number[]> =>
      (await column(3)).map((text) => Number(text.replace("−", "-")));
    await page.getByRole("button", { name: "IC", exact: true }).click();
    const falling = await order();
    assert.deepEqual(
      falling,
      falling.toSorted((a, b) => b - a),
    );
    await page.getByRole("button", { name: "IC", exact: true }).click();
    assert.deepEqual(await order(), falling.toReversed());
    assert.equal(await page.locator("th[aria-sort=ascending]").innerText(), "IC");
    await page.getByRole("button", { name: "Factor", exact: true }).click();
    assert.match((await column(1))[1]!, /^planted/);
  });

  it("are whole on paper, in light colours", async () => {
    await open("factor-0.html", 1280, "dark");
    await page.emulateMedia({ colorScheme: "dark", media: "print" });
    assert.equal((await look())[0], "rgb(255, 255, 255)");
    assert.ok(await page.locator(".chart").first().isVisible());
    assert.ok(await page.getByRole("button", { name: /theme/ }).isHidden());
    const pdf = (await page.pdf({ format: "A4", printBackground: true })).toString("latin1");
    const sheets = pdf.match(/\/Type \/Page\b/g)?.length ?? 0;
    assert.ok(sheets >= 5 && sheets <= 10, `${sheets} pages`);
  });
});
