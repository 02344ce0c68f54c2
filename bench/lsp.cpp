// How long an editor waits: plays keystrokes against `gabion lsp` and measures the time from each change to the
// findings of just that version. Prints medians and the 95th percentile beside a scan of the same files.
//   lsp PROGRAM [KEYSTROKES]
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "inputs.h"
#include "process.h"

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// 200 files: ten root modules of four files that call four modules each, forty modules of four files.
void modules(const fs::path& root) {
  constexpr int kRoots = 10;
  constexpr int kEach = 4;
  using gabion::bench::write;
  for (int r = 0; r < kRoots; ++r) {
    const fs::path live = root / "live" / ("r" + std::to_string(r));
    std::string calls;
    std::string outputs;
    for (int m = r * kEach; m < (r + 1) * kEach; ++m) {
      const std::string name = "m" + std::to_string(m);
      calls += "module \"" + name + "\" {\n  source = \"../../modules/" + name + "\"\n  name   = \"r" +
               std::to_string(r) + "-" + name + "\"\n}\n";
      outputs += "output \"" + name + "\" {\n  value = module." + name + ".bucket\n}\n";
      const fs::path module = root / "modules" / name;
      write(module / "main.tf", gabion::bench::kModule);
      write(module / "variables.tf", "variable \"days\" {\n  type    = number\n  default = 30\n}\n");
      write(module / "iam.tf",
            "data \"aws_iam_policy_document\" \"read\" {\n  statement {\n    actions   = [\"s3:GetObject\"]\n"
            "    resources = [\"${aws_s3_bucket.this.arn}/*\"]\n  }\n}\n"
            "resource \"aws_iam_policy\" \"read\" {\n  name   = \"read-${var.name}\"\n"
            "  policy = data.aws_iam_policy_document.read.json\n}\n");
      write(module / "key.tf",
            "resource \"aws_kms_key\" \"other\" {\n  enable_key_rotation     = true\n"
            "  deletion_window_in_days = var.days\n}\n");
    }
    write(live / "main.tf", calls);
    write(live / "outputs.tf", outputs);
    write(live / "network.tf",
          "resource \"aws_security_group\" \"web\" {\n  name = \"web\"\n  ingress {\n    from_port   = 443\n"
          "    to_port     = 443\n    protocol    = \"tcp\"\n    cidr_blocks = [\"10.0.0.0/8\"]\n  }\n}\n");
    write(live / "versions.tf", "provider \"aws\" {\n  region = \"eu-central-1\"\n}\n");
  }
}

/// 200 files of one root module, with half a dozen findings each.
void one_module(const fs::path& root) {
  constexpr int kFiles = 200;
  for (int i = 0; i < kFiles; ++i) {
    const std::string n = std::to_string(i);
    gabion::bench::write(
        root / ("f" + n + ".tf"),
        "locals {\n  tags" + n + " = { Name = \"x" + n + "\", Team = \"platform\" }\n}\nresource \"aws_kms_key\" \"k" +
            n + "\" {\n  enable_key_rotation     = true\n  deletion_window_in_days = 30\n  tags = local.tags" + n +
            "\n}\nresource \"aws_s3_bucket\" \"b" + n + "\" {\n  bucket = \"logs-" + n +
            "\"\n  tags   = merge(local.tags" + n + ", { Key = aws_kms_key.k" + n + ".arn })\n}\n");
  }
}

/// The server as a child, with both its streams.
class Server {
 public:
  explicit Server(const char* program) {
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    if (pipe2(in.data(), O_CLOEXEC) != 0 || pipe2(out.data(), O_CLOEXEC) != 0) {
      return;
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    std::string name = program;
    std::string command = "lsp";
    std::array<char*, 3> arguments = {name.data(), command.data(), nullptr};
    running_ = posix_spawn(&child_, program, &actions, nullptr, arguments.data(), environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    close(in[0]);
    close(out[1]);
    to_ = in[1];
    from_ = out[0];
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server() {
    close(to_);
    close(from_);
    if (running_) {
      waitpid(child_, nullptr, 0);
    }
  }

  [[nodiscard]] bool running() const { return running_; }

  void send(const json& message) {
    const std::string text = message.dump();
    std::string framed = "Content-Length: " + std::to_string(text.size()) + "\r\n\r\n" + text;
    for (std::size_t at = 0; at < framed.size();) {
      const ssize_t count = ::write(to_, framed.data() + at, framed.size() - at);
      if (count <= 0) {
        running_ = false;
        return;
      }
      at += static_cast<std::size_t>(count);
    }
  }

  /// The next message; null when there is none any more.
  json receive() {
    constexpr std::string_view kHeader = "Content-Length: ";
    while (true) {
      const std::size_t blank = buffer_.find("\r\n\r\n");
      std::size_t size = 0;
      if (blank != std::string::npos) {
        std::from_chars(buffer_.data() + kHeader.size(), buffer_.data() + blank, size);
      }
      if (blank != std::string::npos && buffer_.size() >= blank + 4 + size) {
        json message = json::parse(buffer_.substr(blank + 4, size), nullptr, false);
        buffer_.erase(0, blank + 4 + size);
        return message;
      }
      std::array<char, 65536> chunk{};
      const ssize_t count = read(from_, chunk.data(), chunk.size());
      if (count <= 0) {
        return nullptr;
      }
      buffer_.append(chunk.data(), static_cast<std::size_t>(count));
    }
  }

 private:
  pid_t child_ = 0;
  int to_ = -1;
  int from_ = -1;
  bool running_ = false;
  std::string buffer_;
};

json message(const char* method, json params) {
  return {{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}};
}

/// Waits for the findings of a version of a document. False when the server went away.
bool await(Server& server, const std::string& uri, int version) {
  while (true) {
    const json next = server.receive();
    if (!next.is_object()) {
      return false;
    }
    if (next.value("method", "") == "textDocument/publishDiagnostics" && next["params"].value("uri", "") == uri &&
        next["params"].value("version", -1) == version) {
      return true;
    }
  }
}

/// Milliseconds of every keystroke: a line is typed into a resource, letter by letter, and taken out again.
std::vector<double> play(const char* program, const fs::path& root, const fs::path& file, int keystrokes) {
  std::vector<double> times;
  Server server(program);
  const std::string uri = "file://" + (root / file).string();
  std::string text;
  {
    std::ifstream in(root / file);
    text.assign(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  json initialize = message("initialize", {{"rootUri", "file://" + root.string()}, {"capabilities", json::object()}});
  initialize["id"] = 0;
  server.send(initialize);
  server.send(message("initialized", json::object()));
  server.send(message("textDocument/didOpen",
                      {{"textDocument", {{"uri", uri}, {"languageId", "terraform"}, {"version", 0}, {"text", text}}}}));
  if (!server.running() || !await(server, uri, 0)) {
    return times;
  }
  const std::string typed = "\n  description = \"a \\\"key\\\" of ${local.nothing} # 1\"";
  const std::size_t resource = text.find("aws_kms_key");
  const auto line = static_cast<int>(std::count(text.begin(), text.begin() + static_cast<long>(resource), '\n'));
  const std::size_t line_begin = text.rfind('\n', resource) + 1;
  const auto brace = static_cast<int>(text.find('{', resource) + 1 - line_begin);
  int version = 0;
  for (int at = 0; static_cast<int>(times.size()) < keystrokes; at = (at + 1) % static_cast<int>(typed.size())) {
    // One letter after the other behind the brace; the first one of a round replaces the line of the last.
    const bool again = at == 0 && !times.empty();
    const auto length = static_cast<int>(typed.size()) - 1;
    const json start =
        at == 0 ? json{{"line", line}, {"character", brace}} : json{{"line", line + 1}, {"character", at - 1}};
    const json end = again ? json{{"line", line + 1}, {"character", length}} : start;
    ++version;
    const json change =
        message("textDocument/didChange",
                {{"textDocument", {{"uri", uri}, {"version", version}}},
                 {"contentChanges",
                  json::array({{{"range", {{"start", start}, {"end", end}}}, {"text", std::string(1, typed[at])}}})}});
    const auto begin = std::chrono::steady_clock::now();
    server.send(change);
    if (!await(server, uri, version)) {
      return {};
    }
    times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
  }
  json shutdown = message("shutdown", nullptr);
  shutdown["id"] = 1;
  server.send(shutdown);
  server.send(message("exit", nullptr));
  return times;
}

double percentile(std::vector<double>& times, double share) {
  std::sort(times.begin(), times.end());
  return times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1))];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: lsp PROGRAM [KEYSTROKES]\n");
    return 2;
  }
  const int keystrokes = gabion::bench::number_argument(argc, argv, 2, 300);
  const gabion::bench::Scratch scratch;
  if (scratch.path().empty()) {
    return 2;
  }
  struct Case {
    const char* name;
    void (*make)(const fs::path&);
    const char* file;
  };
  constexpr std::array<Case, 3> kCases = {{{"a module of one root", modules, "modules/m7/main.tf"},
                                           {"another file of it", modules, "modules/m7/key.tf"},
                                           {"one root of 200 files", one_module, "f7.tf"}}};
  std::printf("keystroke to findings, 200 files, %d keystrokes\n", keystrokes);
  std::printf("%-24s %9s %9s %9s %9s %8s\n", "edited", "p50 ms", "p95 ms", "max ms", "scan ms", "p50/scan");
  int status = 0;
  for (const Case& one : kCases) {
    const fs::path root = scratch.path() / "workspace";
    fs::remove_all(root);
    one.make(root);
    constexpr int kScans = 7;
    std::vector<gabion::bench::Measurement> scans =
        gabion::bench::repeated({argv[1], "scan", "--no-config", root.string()}, kScans);
    const double scan = gabion::bench::median(scans, &gabion::bench::Measurement::wall_ms);
    std::vector<double> times = play(argv[1], root, one.file, keystrokes);
    if (times.empty()) {
      std::fprintf(stderr, "lsp: the server went away\n");
      status = 1;
      continue;
    }
    const double median = percentile(times, 0.5);
    std::printf("%-24s %9.2f %9.2f %9.2f %9.2f %7.2fx\n", one.name, median, percentile(times, 0.95), times.back(), scan,
                median / scan);
    std::fflush(stdout);
  }
  return status;
}
