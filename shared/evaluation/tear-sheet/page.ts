import { createHash } from "node:crypto";
import { browserAsset, chartLibrary } from "./assets.ts";
import { embeddedScript } from "./embed.ts";
import { html, trusted, type Html } from "./html.ts";

/** A whole page. */
export interface Page {
  /** Of the browser's tab. */
  readonly title: string;
  /** Above everything: a warning, or nothing. */
  readonly band?: Html | undefined;
  /** Where the reader is: links to pages above, the name of this one. */
  readonly trail: Html;
  readonly main: Html;
  readonly footer: Html;
  /** False for a page without charts; true by default. */
  readonly charts?: boolean;
}

const styles = ["base", "page", "summary", "figures", "tables", "heat", "print"];

const scripts = ["horizon.js", "sort.js", "charts.js"];

/**
 * A self-contained document. Its content security policy names the hashes of its own scripts and allows nothing else: the
 * page reaches no network, and text that slipped through as markup could still not run.
 */
export function renderPage({ title, band, trail, main, footer, charts = true }: Page): string {
  const theme = embeddedScript(browserAsset("theme.js"));
  const bodyScripts = (
    charts ? [chartLibrary(), ...scripts.map(browserAsset)] : [browserAsset("sort.js")]
  ).map(embeddedScript);
  const policy = [
    "default-src 'none'",
    "img-src data:",
    "style-src 'unsafe-inline'",
    `script-src ${[theme, ...bodyScripts].map(hashSource).join(" ")}`,
  ].join("; ");
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="generator" content="Quarry" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        ${trusted(`<style>${styles.map((name) => browserAsset(`${name}.css`)).join("\n")}</style>`)}
        ${scriptElement(theme)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        ${band}
        <header class="masthead">
          <nav aria-label="Where you are">${trail}</nav>
          <button type="button" class="theme" data-theme-toggle>Dark</button>
        </header>
        <main id="main" tabindex="-1">
          <noscript
            ><p class="empty">
              Charts and sorting need JavaScript; every table on this page works without.
            </p></noscript
          >
          ${main}
        </main>
        <footer class="foot">${footer}</footer>
        ${bodyScripts.map(scriptElement)}
      </body>
    </html> `.toString();
}

/** Without a space more than the script: the hash of the policy is of these very bytes. */
function scriptElement(script: string): Html {
  return trusted(`<script>${script}</script>`);
}

function hashSource(script: string): string {
  return `'sha256-${createHash("sha256").update(script).digest("base64")}'`;
}
