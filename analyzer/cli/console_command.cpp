#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "cli/commands.h"
#include "cli/console_input.h"
#include "cli/console_values.h"
#include "cli/exit_status.h"
#include "report/json_writer.h"
#include "report/unicode.h"
#include "syntax/hcl/parser.h"
#include "syntax/json/parser.h"
#include "terraform/load.h"
#include "terraform/redaction.h"

namespace gabion::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Evaluates lines in one open module.
class Console {
 public:
  Console(terraform::Session& session, source::ArtifactStore& artifacts) : session_(session), artifacts_(artifacts) {}

  /// From now on convert(value, type) exists: requests with values of their own are about HCL, not about Terraform.
  void add_convert() { has_convert_ = true; }

  /// The value of an expression, or an error value.
  eval::Value evaluate(const std::string& text, std::string& error) {
    const source::Artifact& artifact =
        artifacts_.add("console:" + std::to_string(next_++), text, source::Role::kInternal);
    eval::Context context = session_.context();
    context.has_convert = has_convert_;
    const auto parsed = syntax::hcl::parse_expression(artifact, artifact.whole(), context.arena, context.limits);
    if (!parsed.ok()) {
      const findings::Diagnostic& first = parsed.diagnostics.front();
      place_ = first.region.valid() ? artifact.lines().position(first.region.begin) : source::Position{1, 1};
      error = first.message + (first.hint.empty() ? "" : " (" + first.hint + ")");
      return {};
    }
    const eval::Value value = eval::evaluate(*parsed.expression, scope(), context);
    if (value.is_error()) {
      const source::Region region = value.error().region;
      const bool here = region.valid() && region.artifact == artifact.id();
      place_ = here ? artifact.lines().position(region.begin) : source::Position{0, 0};
      error = std::string(value.error().message);
    }
    return value;
  }

  /// Reads {"expr": E, "vars": {name: {"type": T, "value": V, "marks": [...]}}} and binds the names for E.
  std::string read_request(const std::string& line, std::string& expression) {
    bindings_.clear();
    eval::Context context = session_.context();
    const std::string_view kept = context.arena.copy(line);
    const auto parsed = syntax::json::parse(kept, source::Region{}, context.arena, context.limits);
    const syntax::json::Value* text = parsed.ok() ? parsed.value->member("expr") : nullptr;
    if (text == nullptr || text->kind != syntax::json::Kind::kString) {
      return "a line is {\"expr\": \"...\", \"vars\": {...}}";
    }
    expression = std::string(text->text);
    if (const syntax::json::Value* variables = parsed.value->member("vars")) {
      for (const syntax::json::Member& member : variables->members) {
        const DescribedValue described = read_value(member.value, member.name, context, artifacts_);
        if (!described.error.empty()) {
          return described.error;
        }
        bindings_.push_back({member.name, described.value});
      }
    }
    return {};
  }

  /// Did the last request bring values of its own?
  [[nodiscard]] bool has_given_values() const { return !bindings_.empty(); }
  /// Where the last error is in its text; line 0 when it is elsewhere.
  [[nodiscard]] source::Position place() const { return place_; }

 private:
  [[nodiscard]] const eval::Scope& scope() {
    local_.emplace(std::span<const eval::LocalScope::Binding>(bindings_), &session_.scope());
    return *local_;
  }

  terraform::Session& session_;
  source::ArtifactStore& artifacts_;
  std::vector<eval::LocalScope::Binding> bindings_;
  std::optional<eval::LocalScope> local_;
  std::uint32_t next_ = 0;
  bool has_convert_ = false;
  source::Position place_{0, 0};
};

/// One line for programs. The value is as it may be printed, `sensitive` what Terraform says of it.
std::string json_line(const eval::Value& value, bool sensitive, const std::string& error) {
  if (!error.empty()) {
    return dump(Json{{"error", error}});
  }
  if (value.is_unknown()) {
    Json json{{"unknown", true}};
    if (value.unknown().symbol != nullptr) {
      json["because"] = eval::explain(*value.unknown().symbol);
    }
    return dump(json);
  }
  std::string line = "{\"value\": " + eval::to_json(value);
  line += sensitive ? ", \"sensitive\": true}" : "}";
  return line;
}

constexpr std::string_view kPrompt = "> ";
constexpr std::string_view kContinued = ". ";

/// "aws_kms_key.a.arn, known after apply".
std::string reason(const eval::Value& value) {
  std::string text = eval::explain(*value.unknown().symbol);
  constexpr std::string_view kIs = " is ";
  if (const std::size_t at = text.rfind(kIs); at != std::string::npos) {
    text.replace(at, kIs.size(), ", ");
  }
  return text;
}

/// For people: the value, or the error with a caret under its place.
void print_for_person(const std::string& text, const eval::Value& value, bool sensitive, const std::string& error,
                      source::Position place, std::ostream& out) {
  if (!error.empty()) {
    if (place.line > 0) {
      std::size_t begin = 0;
      for (std::uint32_t line = 1; line < place.line && begin < text.size(); ++line) {
        begin = std::min(text.find('\n', begin), text.size() - 1) + 1;
      }
      if (text.find('\n') != std::string::npos) {
        // The line is not the one right above any more.
        out << kContinued << text.substr(begin, std::min(text.find('\n', begin), text.size()) - begin) << '\n';
      }
      out << std::string(kPrompt.size() + place.column - 1, ' ') << "^\n";
    }
    out << "error: " << error << '\n';
  } else if (value.is_unknown()) {
    out << "unknown: " << reason(value) << '\n';
  } else if (sensitive) {
    out << source::kHidden << '\n';
  } else {
    out << eval::describe(value) << '\n';
  }
}

/// Reads an expression: a line, and at a terminal also those that belong to it. False at the end of the input.
bool read_text(Environment& environment, bool person, std::string& text) {
  if (person) {
    environment.out << kPrompt << std::flush;
  }
  if (!std::getline(environment.in, text)) {
    return false;
  }
  std::string line;
  while (person && goes_on(text)) {
    environment.out << kContinued << std::flush;
    if (!std::getline(environment.in, line)) {
      environment.out << '\n';
      break;  // what is there is read as it is, and the parser says what is missing
    }
    text += '\n' + line;
  }
  if (text.find('\n') != std::string::npos) {
    text += '\n';  // a heredoc's last line wants its end
  }
  return true;
}

}  // namespace

int run_console(const Options& options, Environment& environment) {
  Run run;
  if (const std::vector<source::Error> errors = prepare(options, environment, run); !errors.empty()) {
    for (const source::Error& error : errors) {
      print_error(error, environment.err);
    }
    return kUsage;
  }
  const auto inventory = source::discover(*run.files, run.paths, run.discovery);
  if (!inventory) {
    print_error(inventory.error(), environment.err);
    return kUsage;
  }
  source::ArtifactStore artifacts;
  terraform::Workspace workspace(*run.files, artifacts, *inventory, run.terraform);
  const std::string path = source::join_path(run.paths.front(), ".");
  // A file stands for the module that it belongs to.
  const auto status = run.files->status(path);
  const bool is_file = status && status->kind == source::EntryKind::kFile;
  const std::string directory = is_file ? source::directory_of(path) : path;
  // Of several environments none is meant more than the others: --environment names one.
  const std::vector<const terraform::NamedEnvironment*> environments = workspace.environments(directory);
  const std::unique_ptr<terraform::Session> session =
      workspace.open(directory, environments.size() == 1 ? environments.front() : nullptr);
  secrets::Redactor redactor;
  static_cast<void>(workspace.files(redactor));
  Console console(*session, artifacts);
  if (options.console.json) {
    console.add_convert();
  }
  const bool person = environment.in_is_terminal && environment.out_is_terminal && !options.console.json;
  std::string line;
  while (read_text(environment, person, line)) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) {
      continue;
    }
    if (person && (line == "exit" || line == "quit")) {
      return kClean;
    }
    std::string text = line;
    std::string error;
    if (options.console.json) {
      error = console.read_request(line, text);
    }
    eval::Value value;
    if (error.empty()) {
      value = console.evaluate(text, error);
    }
    const bool sensitive = value.is_sensitive();
    error = source::shown(error, &redactor);
    // Who gives the values has them already.
    if (!console.has_given_values()) {
      eval::Context context = session->context();
      value = terraform::shown_value(value, {}, redactor, context.arena);
    }
    if (person) {
      std::ostringstream answer;
      print_for_person(text, value, sensitive, error, console.place(), answer);
      environment.out << report::printable_lines(answer.str()) << std::flush;
    } else {
      environment.out << report::printable_json(json_line(value, sensitive, error)) << '\n' << std::flush;
    }
  }
  if (person) {
    environment.out << '\n';
  }
  return kClean;
}

}  // namespace gabion::cli
