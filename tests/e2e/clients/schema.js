// Reads a JSON Schema and then documents, one a line, on standard input; prints "valid" or "invalid" for each. Started
// by config_test.cpp.
"use strict";
const fs = require("fs");
const Ajv = require("ajv/dist/2020");

const [schema, ...documents] = fs.readFileSync(0, "utf8").trim().split("\n").map((line) => JSON.parse(line));
const ajv = new Ajv({ strict: true, allowUnionTypes: true, validateFormats: false });
const validate = ajv.compile(schema);
for (const document of documents) {
  console.log(validate(document) ? "valid" : "invalid");
}
