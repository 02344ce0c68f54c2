#include "program.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>

extern "C" char** environ;

namespace gabion::e2e {
namespace {

constexpr int kNotRun = 127;

/// Both ends of a pipe, closed with the object.
class Pipe {
 public:
  Pipe() {
    if (pipe2(ends_.data(), O_CLOEXEC) != 0) {
      ends_ = {-1, -1};
    }
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_read();
    close_write();
  }
  [[nodiscard]] int read_end() const { return ends_[0]; }
  [[nodiscard]] int write_end() const { return ends_[1]; }
  void close_read() { close_end(0); }
  void close_write() { close_end(1); }

 private:
  void close_end(std::size_t index) {
    if (ends_[index] >= 0) {
      static_cast<void>(close(ends_[index]));
      ends_[index] = -1;
    }
  }
  std::array<int, 2> ends_ = {-1, -1};
};

/// Feeds `input` and collects both streams until the child closes them.
void exchange(Pipe& in, Pipe& out, Pipe& err, std::string_view input, Outcome& outcome) {
  std::size_t written = 0;
  bool out_open = true;
  bool err_open = true;
  if (input.empty()) {
    in.close_write();
  }
  while (out_open || err_open) {
    std::array<pollfd, 3> watched = {{{out_open ? out.read_end() : -1, POLLIN, 0},
                                      {err_open ? err.read_end() : -1, POLLIN, 0},
                                      {in.write_end(), POLLOUT, 0}}};
    if (poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) {
      return;
    }
    const auto collect = [](const pollfd& end, bool& open, std::string& text) {
      if (end.fd < 0 || end.revents == 0) {
        return;
      }
      std::array<char, 65536> buffer{};
      const ssize_t count = read(end.fd, buffer.data(), buffer.size());
      if (count > 0) {
        text.append(buffer.data(), static_cast<std::size_t>(count));
      } else if (count == 0 || errno != EINTR) {
        open = false;
      }
    };
    collect(watched[0], out_open, outcome.out);
    collect(watched[1], err_open, outcome.err);
    if (watched[2].fd >= 0 && watched[2].revents != 0) {
      const ssize_t count =
          write(watched[2].fd, input.data() + written, std::min<std::size_t>(input.size() - written, 4096));
      if (count > 0) {
        written += static_cast<std::size_t>(count);
      }
      if (written == input.size() || (count < 0 && errno != EINTR)) {
        in.close_write();
      }
    }
  }
}

}  // namespace

Project::Project() {
  std::string name = (std::filesystem::temp_directory_path() / "gabion-e2e-XXXXXX").string();
  root_ = mkdtemp(name.data()) == nullptr ? std::filesystem::path() : std::filesystem::canonical(name);
}

Project::~Project() {
  std::error_code ignored;
  std::filesystem::remove_all(root_, ignored);
  std::filesystem::remove_all(cache(), ignored);
}

std::filesystem::path Project::cache() const {
  return root_.string() + "-cache";
}

std::filesystem::path Project::path(std::string_view name) const {
  return name.empty() ? root_ : root_ / name;
}

void Project::write(std::string_view name, std::string_view contents) const {
  const std::filesystem::path target = path(name);
  std::filesystem::create_directories(target.parent_path());
  std::ofstream(target, std::ios::binary) << contents;
}

void Project::write_program(std::string_view name, std::string_view script) const {
  write(name, script);
  std::filesystem::permissions(path(name), std::filesystem::perms::owner_all);
}

std::string Project::search_path(std::string_view directory) const {
  return path(directory).string() + ":/usr/local/bin:/usr/bin:/bin";
}

bool Project::has(const std::string& program) const {
  return run({program, "--version"}).status == 0;
}

std::string Project::read(std::string_view name) const {
  std::ostringstream text;
  text << std::ifstream(path(name), std::ios::binary).rdbuf();
  return text.str();
}

Outcome Project::gabion(const std::vector<std::string>& arguments, std::string_view input,
                        const std::map<std::string, std::string>& environment) const {
  std::vector<std::string> command = {GABION_PROGRAM};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run(command, input, environment);
}

Outcome Project::run(const std::vector<std::string>& command, std::string_view input,
                     const std::map<std::string, std::string>& environment) const {
  // A child that does not read its input must not end the test.
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  Outcome outcome;
  Pipe in;
  Pipe out;
  Pipe err;
  std::vector<std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    // The caller's own variables must not decide results.
    const std::string_view text(*entry);
    const bool replaced = environment.contains(std::string(text.substr(0, text.find('='))));
    if (!text.starts_with("TF_VAR_") && !text.starts_with("COLUMNS=") && !text.starts_with("XDG_CACHE_HOME=") &&
        !replaced) {
      variables.emplace_back(text);
    }
  }
  for (const auto& [name, value] : environment) {
    variables.push_back(name + "=" + value);
  }
  if (!environment.contains("XDG_CACHE_HOME")) {
    variables.push_back("XDG_CACHE_HOME=" + cache().string());
  }
  std::vector<char*> arguments;
  for (const std::string& argument : command) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  std::vector<char*> surroundings;
  for (const std::string& variable : variables) {
    surroundings.push_back(const_cast<char*>(variable.c_str()));
  }
  surroundings.push_back(nullptr);

  const std::string directory = root_.string();
  const pid_t child = fork();
  if (child == 0) {
    if (chdir(directory.c_str()) != 0 || dup2(in.read_end(), STDIN_FILENO) < 0 ||
        dup2(out.write_end(), STDOUT_FILENO) < 0 || dup2(err.write_end(), STDERR_FILENO) < 0) {
      _exit(kNotRun);
    }
    static_cast<void>(std::signal(SIGPIPE, SIG_DFL));
    static_cast<void>(execvpe(arguments.front(), arguments.data(), surroundings.data()));
    _exit(kNotRun);
  }
  in.close_read();
  out.close_write();
  err.close_write();
  if (child < 0) {
    return outcome;
  }
  exchange(in, out, err, input, outcome);
  int status = 0;
  struct rusage usage {};
  while (wait4(child, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  outcome.peak_kib = usage.ru_maxrss;
  constexpr int kSignalled = 128;
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : kSignalled + WTERMSIG(status);
  return outcome;
}

std::string repeat(std::string_view text, std::size_t count) {
  std::string result;
  result.reserve(text.size() * count);
  for (std::size_t i = 0; i < count; ++i) {
    result += text;
  }
  return result;
}

std::vector<std::string> findings_of(const Outcome& outcome) {
  std::vector<std::string> result;
  for (const nlohmann::json& finding : outcome.json().value("findings", nlohmann::json::array())) {
    if (finding.at("suppressed").is_null()) {
      result.push_back(finding.at("rule").at("id").get<std::string>() + " " +
                       finding.at("resource").get<std::string>());
    }
  }
  return result;
}

std::vector<std::string> resources(const Outcome& outcome) {
  std::vector<std::string> result = findings_of(outcome);
  for (std::string& finding : result) {
    finding.erase(0, finding.find(' ') + 1);
  }
  return result;
}

}  // namespace gabion::e2e
