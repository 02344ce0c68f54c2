// The build-time rule compiler: reads rule files, checks them, and writes them as C++ constants, so that the program
// parses no YAML when it starts. Usage: rulec OUTPUT.cpp RULE.yaml...
#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "engine/rule_compiler.h"

namespace gabion::engine {
namespace {

/// Writes RuleData as initialisers. Arrays get names of their own because spans need something to point at.
class Writer {
 public:
  explicit Writer(std::ostream& out) : out_(out) {}

  static std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '"' || c == '\\') {
        result += '\\';
        result += c;
      } else if (c == '\n') {
        result += "\\n\"\n    \"";
      } else if (byte < 0x20 || byte >= 0x7F) {
        // Octal escapes end after three digits, whatever follows.
        result += '\\';
        result += static_cast<char>('0' + (byte >> 6U));
        result += static_cast<char>('0' + ((byte >> 3U) & 7U));
        result += static_cast<char>('0' + (byte & 7U));
      } else {
        result += c;
      }
    }
    return result + "\"sv";
  }

  static std::string text(const TextAt& value) {
    if (!value.given()) {
      return "{}";
    }
    return "{" + quoted(value.text) + ", " + std::to_string(value.line) + ", " + std::to_string(value.column) + "}";
  }

  template <class T, class F>
  std::string array(std::string_view type, std::span<const T> items, F&& print) {
    if (items.empty()) {
      return "{}";
    }
    std::string body;
    for (const T& item : items) {
      body += "  " + print(item) + ",\n";
    }
    const std::string name = "k" + std::to_string(next_++);
    out_ << "constexpr " << type << ' ' << name << "[] = {\n" << body << "};\n";
    return name;
  }

  std::string strings(std::span<const std::string_view> items) {
    return array("std::string_view", items, [](std::string_view item) { return quoted(item); });
  }
  std::string named(std::span<const NamedText> items) {
    return array("NamedText", items,
                 [](const NamedText& item) { return "{" + quoted(item.name) + ", " + text(item.value) + "}"; });
  }
  std::string lists(std::span<const NamedList> items) {
    return array("NamedList", items,
                 [this](const NamedList& item) { return "{" + quoted(item.name) + ", " + strings(item.items) + "}"; });
  }

  std::string fix(const FixData* data) {
    if (data == nullptr) {
      return "nullptr";
    }
    const std::string set = named(data->set);
    const std::string insert = array("InsertData", data->insert, [this](const InsertData& item) {
      return "{" + quoted(item.type) + ", " + named(item.set) + "}";
    });
    const std::string remove = array("TextAt", data->remove, [](const TextAt& item) { return text(item); });
    const std::string add = named(data->add);
    const std::string take = named(data->take);
    const std::string policies = array("PolicyFixData", data->policies, [this](const PolicyFixData& item) {
      return "{" + text(item.of) + ", " + text(item.kind) + ", " + text(item.where) + ", " + text(item.append) + ", " +
             text(item.keeps) + ", " + named(item.set) + ", " + named(item.add) + ", " + named(item.remove) + ", " +
             (item.drop ? "true" : "false") + ", " + (item.widens ? "true" : "false") + ", " + text(item.split) + ", " +
             named(item.replace) + ", " + text(item.version) + "}";
    });
    const std::string companions = array("CompanionData", data->companions, [this](const CompanionData& item) {
      return "{" + quoted(item.type) + ", " + text(item.name) + ", " + named(item.set) + ", " + named(item.refer) +
             ", " + named(item.json) + ", " + (item.once ? "true" : "false") + ", " + text(item.when) + "}";
    });
    const std::string blocks = array("TextAt", data->blocks, [](const TextAt& item) { return text(item); });
    const std::string declares = array("DeclareData", data->declares, [this](const DeclareData& item) {
      return "{" + quoted(item.block) + ", " + text(item.name) + ", " + named(item.set) + "}";
    });
    const std::string lines = array("LineData", data->lines, [](const LineData& item) {
      return "{" + text(item.file) + ", " + text(item.text) + "}";
    });
    const std::string leads_to = array("TextAt", data->leads_to, [](const TextAt& item) { return text(item); });
    const std::string name = "k" + std::to_string(next_++);
    const char* safety = data->safety == findings::Safety::kSafe     ? "kSafe"
                         : data->safety == findings::Safety::kUnsafe ? "kUnsafe"
                                                                     : "kManual";
    out_ << "constexpr FixData " << name << " = {findings::Safety::" << safety << ", " << text(data->title) << ", "
         << set << ", " << insert << ", " << remove << ", " << add << ", " << take << ", " << policies << ", "
         << companions << ", " << blocks << ", " << declares << ", " << lines << ", " << text(data->on) << ", "
         << leads_to << "};\n";
    return "&" + name;
  }

  std::string check(const CheckData& data) {
    return "{" + text(data.given) + ", " + text(data.each) + ", " + text(data.require) + ", " + text(data.unique) +
           ", " + text(data.message) + ", " + text(data.at) + ", " + text(data.severity) + ", " + fix(data.fix) + "}";
  }

  std::string example(const ExampleData& data) {
    const char* kind = data.kind == ExampleKind::kBad ? "kBad" : data.kind == ExampleKind::kGood ? "kGood" : "kUnknown";
    return std::string("{ExampleKind::") + kind + ", " + text(data.text) + ", " + text(data.fixed) + ", " +
           text(data.by_hand) + ", " + quoted(data.title) + ", " + named(data.config) + ", " +
           std::to_string(data.findings) + ", " + (data.severity ? severity(*data.severity) : "std::nullopt") + "}";
  }

  static std::string severity(findings::Severity severity) {
    static constexpr const char* kSeverities[] = {"kLow", "kMedium", "kHigh", "kCritical"};
    return std::string("findings::Severity::") + kSeverities[static_cast<int>(severity)];
  }

  std::string rule(const RuleData& data) {
    const std::string references = strings(data.references);
    const std::string aliases = lists(data.aliases);
    const std::string controls = lists(data.controls);
    const std::string targets = strings(data.targets);
    const std::string parameters = array("ParameterData", data.parameters, [](const ParameterData& item) {
      return "{" + quoted(item.name) + ", " + text(item.type) + ", " + text(item.fallback) + ", " +
             quoted(item.description) + "}";
    });
    const std::string let = named(data.let);
    const std::string checks = array("CheckData", data.checks, [this](const CheckData& item) { return check(item); });
    const std::string examples =
        array("ExampleData", data.examples, [this](const ExampleData& item) { return example(item); });
    return "{" + quoted(data.path) + ", " + quoted(data.id) + ", " + quoted(data.title) + ", " +
           severity(data.severity) + ", " + quoted(data.since) + ", " + quoted(data.why) + ", " + references + ", " +
           aliases + ", " + controls + ", " + targets + ", " + parameters + ", " + let + ", " + checks + ", " +
           examples + "}";
  }

 private:
  std::ostream& out_;
  int next_ = 0;
};

int run(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: rulec OUTPUT.cpp RULE.yaml...\n";
    return 2;
  }
  source::Arena arena;
  std::vector<RuleData> rules;
  std::map<std::string_view, std::string_view> paths;
  bool failed = false;
  for (int i = 2; i < argc; ++i) {
    const std::string path = argv[i];
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    const std::size_t below = path.rfind("/rules/");
    const CompiledRules compiled =
        compile_rules(below == std::string::npos ? path : path.substr(below + 1), text.str(), arena);
    for (const source::Error& error : compiled.errors) {
      std::cerr << path << ':' << error.line << ':' << error.column << ": error: " << error.message;
      std::cerr << (error.hint.empty() ? "" : " (" + error.hint + ")") << '\n';
      failed = true;
    }
    for (const RuleData& rule : compiled.rules) {
      if (const auto [other, fresh] = paths.emplace(rule.id, rule.path); !fresh) {
        std::cerr << path << ":1:1: error: the id " << rule.id << " is taken by " << other->second << '\n';
        failed = true;
      }
      rules.push_back(rule);
    }
  }
  if (failed) {
    return 1;
  }
  std::sort(rules.begin(), rules.end(), [](const RuleData& a, const RuleData& b) { return a.id < b.id; });
  std::ostringstream out;
  out << "// Generated from rules/ by the rule compiler; do not edit.\n#include \"engine/builtin_rules.h\"\n\n"
         "namespace gabion::engine {\nnamespace {\nusing namespace std::string_view_literals;\n\n";
  Writer writer(out);
  const std::string name = writer.array("RuleData", std::span<const RuleData>(rules),
                                        [&](const RuleData& rule) { return writer.rule(rule); });
  out << "\n}  // namespace\n\nstd::span<const RuleData> builtin_rules() { return " << name
      << "; }\n\n}  // namespace gabion::engine\n";
  std::ofstream file(argv[1], std::ios::binary);
  file << out.str();
  return file.good() ? 0 : 1;
}

}  // namespace
}  // namespace gabion::engine

int main(int argc, char** argv) {
  return gabion::engine::run(argc, argv);
}
