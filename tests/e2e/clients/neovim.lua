-- Plays a session with Neovim's own client and writes what it saw to seen.json. Started by lsp_test.cpp.
local seen = {}
local kPatience = 600000 -- only for a server that never answers

local function wait(what, happened)
  if not vim.wait(kPatience, happened, 10) then
    error("waited in vain for " .. what)
  end
end

local function codes()
  local result = {}
  for _, diagnostic in ipairs(vim.diagnostic.get(0)) do
    table.insert(result, diagnostic.code or (diagnostic.user_data and diagnostic.user_data.lsp.code))
  end
  return result
end

local function ask(client, method, params)
  local answer = client.request_sync(method, params, kPatience, 0)
  if answer == nil or answer.err then
    error(method .. " failed: " .. vim.inspect(answer))
  end
  return answer.result
end

local function play()
  vim.cmd("edit main.tf")
  local id = vim.lsp.start_client({
    name = "gabion",
    cmd = { os.getenv("GABION"), "lsp" },
    root_dir = vim.fn.getcwd(),
  })
  vim.lsp.buf_attach_client(0, id)
  local client
  wait("the server", function()
    client = vim.lsp.get_client_by_id(id)
    return client ~= nil and client.initialized
  end)

  wait("findings", function() return #codes() > 0 end)
  seen.opened = codes()

  vim.api.nvim_buf_set_lines(0, 5, 6, true, { "  enable_key_rotation = true" })
  wait("findings to go", function() return #codes() == 0 end)
  seen.typed = codes()
  vim.api.nvim_buf_set_lines(0, 5, 6, true, { "  enable_key_rotation = false" })
  wait("findings to come back", function() return #codes() > 0 end)
  seen.undone = codes()

  local document = { uri = vim.uri_from_bufnr(0) }
  local hover = ask(client, "textDocument/hover", { textDocument = document, position = { line = 4, character = 4 } })
  seen.hover = hover.contents.value
  local origins = ask(client, "textDocument/definition",
    { textDocument = document, position = { line = 4, character = 33 } })
  seen.definition = (origins[1].targetSelectionRange or origins[1].range).start.line

  local actions = ask(client, "textDocument/codeAction", {
    textDocument = document,
    range = { start = { line = 5, character = 0 }, ["end"] = { line = 5, character = 10 } },
    context = { diagnostics = {} },
  })
  seen.title = actions[1].title
  vim.lsp.util.apply_workspace_edit(actions[1].edit, client.offset_encoding)
  wait("the fix to be seen", function() return #codes() == 0 end)
  seen.fixed = codes()
  seen.text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, true), "\n")
  vim.lsp.stop_client(id)
end

local fine, problem = pcall(play)
if not fine then
  seen.error = tostring(problem)
end
-- An empty table would be written as an object.
for _, name in ipairs({ "opened", "typed", "undone", "fixed" }) do
  seen[name] = seen[name] and #seen[name] > 0 and seen[name] or vim.NIL
end
local file = assert(io.open("seen.json", "w"))
file:write(vim.json and vim.json.encode(seen) or vim.fn.json_encode(seen))
file:close()
