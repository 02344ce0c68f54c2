// Answers questions about HCL with HashiCorp's own parser (the npm package @cdktf/hcl2json, found below the directory
// given as first argument). Reads one JSON object a line: {id, source, expressions}; writes one a line: {id, body,
// error, trees}. A tree is [kind, details..., children...] without places.
"use strict";
const path = require("path");
const fs = require("fs");
const { parse, getExpressionAst } = require(path.join(path.resolve(process.argv[2]), "@cdktf", "hcl2json"));

const segments = (node) => node.meta.traversal.map((step) => (step.type === "nameTraversal" ? "." : "") + step.segment);

function tree(node) {
  const children = node.children.map(tree);
  switch (node.type) {
    case "literalValue":
      return node.meta.type === "string" ? ["text"] : ["literal", node.meta.type];
    case "scopeTraversal":
      return ["traversal", segments(node)];
    case "relativeTraversal":
      return ["relative", segments(node), ...children];
    case "binaryOp":
    case "unaryOp":
      return [node.type, node.meta.operator, ...children];
    case "function":
      return ["function", node.meta.name, node.meta.expandedFinalArgument, ...children];
    case "for":
      return ["for", node.meta.keyVar || "", node.meta.valVar, node.meta.groupedValue, ...children];
    default:
      return [node.type, ...children];
  }
}

async function main() {
  for (const line of fs.readFileSync(0, "utf8").split("\n")) {
    if (line === "") continue;
    const question = JSON.parse(line);
    const answer = { id: question.id, trees: [] };
    try {
      answer.body = await parse("test.tf", question.source);
    } catch (problem) {
      answer.error = String(problem.message || problem);
    }
    for (const expression of question.expressions) {
      try {
        answer.trees.push(tree(await getExpressionAst("test.tf", expression)));
      } catch (problem) {
        answer.trees.push({ error: String(problem.message || problem) });
      }
    }
    fs.writeSync(1, JSON.stringify(answer) + "\n");
  }
}
main();
