/**
 * Loaded by mocha before every test file.
 * Mocha hears unhandled rejections and tells nobody: without this an assertion in a promise that nobody awaits stays green.
 */
process.on("unhandledRejection", (reason) => {
  throw reason instanceof Error ? reason : new Error(String(reason));
});
