// Starts `gabion lsp` and connects it with Visual Studio Code; everything else is the server's.
import * as vscode from "vscode";
import { LanguageClient, LanguageClientOptions, ServerOptions } from "vscode-languageclient/node";

let client: LanguageClient | undefined;

function create(): LanguageClient {
  const program = vscode.workspace.getConfiguration("gabion").get<string>("path") || "gabion";
  const server: ServerOptions = { command: program, args: ["lsp"] };
  const options: LanguageClientOptions = {
    documentSelector: [
      { scheme: "file", pattern: "**/*.{tf,tofu,tfvars,tfbackend,hcl}" },
      { scheme: "file", pattern: "**/*.{tf,tofu,tfvars}.json" },
      { scheme: "file", language: "json" },
      { scheme: "file", pattern: "**/.gabion.yaml" },
    ],
  };
  return new LanguageClient("gabion", "gabion", server, options);
}

async function start(): Promise<void> {
  client = create();
  try {
    await client.start();
  } catch (problem) {
    const settings = "Open settings";
    const chosen = await vscode.window.showErrorMessage(
      `gabion could not be started (${problem}). Install it, or say where it is in gabion.path.`, settings);
    if (chosen === settings) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "gabion.path");
    }
  }
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  if (running?.isRunning()) {
    await running.stop();
  }
}

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const restart = async () => {
    await stop();
    await start();
  };
  context.subscriptions.push(
    vscode.commands.registerCommand("gabion.restart", restart),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration("gabion.path")) {
        await restart();
      }
    }),
  );
  await start();
}

export function deactivate(): Promise<void> {
  return stop();
}
