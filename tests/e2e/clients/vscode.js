// Plays a session with the protocol library of Visual Studio Code and writes what it saw to seen.json. Started by
// lsp_test.cpp.
"use strict";
const { spawn } = require("child_process");
const fs = require("fs");
const path = require("path");
const { pathToFileURL } = require("url");
const protocol = require("vscode-languageserver-protocol/node");

const seen = {};
const uri = pathToFileURL(path.resolve("main.tf")).toString();
let text = fs.readFileSync("main.tf", "utf8");

async function play() {
  const server = spawn(process.env.GABION, ["lsp", "--stdio"]);
  const ended = new Promise((resolve) => server.on("exit", resolve));
  const connection = protocol.createProtocolConnection(
    new protocol.StreamMessageReader(server.stdout), new protocol.StreamMessageWriter(server.stdin));
  const published = [];
  let arrived = () => {};
  connection.onNotification(protocol.PublishDiagnosticsNotification.type, (params) => {
    published.push(params);
    arrived();
  });
  connection.onRequest(protocol.RegistrationRequest.type, () => {});
  connection.listen();

  /// The codes published for a version of the document.
  async function findings(version) {
    for (;;) {
      const found = published.find((one) => one.uri === uri && one.version === version);
      if (found) {
        return found.diagnostics.map((one) => one.code);
      }
      await new Promise((resolve) => { arrived = resolve; });
    }
  }
  let version = 1;
  function change(range, replacement) {
    const lines = text.split("\n");
    const offset = (place) =>
      lines.slice(0, place.line).reduce((sum, line) => sum + line.length + 1, 0) + place.character;
    text = text.slice(0, offset(range.start)) + replacement + text.slice(offset(range.end));
    version += 1;
    connection.sendNotification(protocol.DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version }, contentChanges: [{ range, text: replacement }],
    });
    return findings(version);
  }

  await connection.sendRequest(protocol.InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    workspaceFolders: [{ uri: pathToFileURL(process.cwd()).toString(), name: "project" }],
    capabilities: {
      general: { positionEncodings: ["utf-8", "utf-16"] },
      workspace: { workspaceEdit: { documentChanges: true }, didChangeWatchedFiles: { dynamicRegistration: true } },
    },
  });
  connection.sendNotification(protocol.InitializedNotification.type, {});
  connection.sendNotification(protocol.DidOpenTextDocumentNotification.type,
    { textDocument: { uri, languageId: "terraform", version, text } });
  seen.opened = await findings(1);

  const value = (length) => ({ start: { line: 5, character: 24 }, end: { line: 5, character: 24 + length } });
  seen.typed = await change(value(5), "true");
  seen.undone = await change(value(4), "false");

  const textDocument = { uri };
  const hover = await connection.sendRequest(protocol.HoverRequest.type,
    { textDocument, position: { line: 4, character: 4 } });
  seen.hover = hover.contents.value;
  const origins = await connection.sendRequest(protocol.DefinitionRequest.type,
    { textDocument, position: { line: 4, character: 33 } });
  seen.definition = origins[0].range.start.line;

  const actions = await connection.sendRequest(protocol.CodeActionRequest.type, {
    textDocument, range: { start: { line: 5, character: 0 }, end: { line: 5, character: 10 } },
    context: { diagnostics: [] },
  });
  seen.title = actions[0].title;
  for (const edit of actions[0].edit.documentChanges[0].edits) {
    seen.fixed = await change(edit.range, edit.newText);
  }
  seen.text = text;
  await connection.sendRequest(protocol.ShutdownRequest.type);
  await connection.sendNotification(protocol.ExitNotification.type);
  seen.status = await ended;
}

play().catch((problem) => { seen.error = String(problem); }).finally(() => {
  fs.writeFileSync("seen.json", JSON.stringify(seen));
  process.exit(0);
});
