// The fact compiler: reads the fact files in analyzer/aws/facts and writes them as constant tables, so that the program
// reads no text when it starts. Usage: factc OUTPUT.cpp SERVICES.facts POLICIES.facts
#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/fact_format.h"
#include "source/ascii.h"

namespace gabion::aws {
namespace {

using Bytes = std::string;

/// Order of look-ups: without case, then as written.
struct FoldedLess {
  bool operator()(std::string_view a, std::string_view b) const {
    return std::pair(source::to_lower(a), std::string(a)) < std::pair(source::to_lower(b), std::string(b));
  }
};

void put_number(Bytes& out, std::size_t number) {
  for (; number >= 0x80; number >>= 7U) {
    out += static_cast<char>((number & 0x7FU) | 0x80U);
  }
  out += static_cast<char>(number);
}

void put_fixed(Bytes& out, std::size_t number, int bytes) {
  for (; bytes > 0; --bytes, number >>= 8U) {
    out += static_cast<char>(number & 0xFFU);
  }
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t blank = text.find(' ');
    if (blank != 0) {
      out.push_back(text.substr(0, blank));
    }
    text.remove_prefix(blank == std::string_view::npos ? text.size() : blank + 1);
  }
  return out;
}

/// Cuts a text into words that recur: capitalised words, the usual starts of ARNs, and what is between.
std::vector<std::string_view> words_of(std::string_view text) {
  static constexpr std::string_view kWhole[] = {
      "arn:${Partition}:", "arn:aws:", ":${Region}:${Account}:", ":${Region}::", "::${Account}:", ":*:*:"};
  const auto kind = [](char c) {
    return c >= 'a' && c <= 'z' ? 1 : c >= 'A' && c <= 'Z' ? 2 : c >= '0' && c <= '9' ? 3 : 4;
  };
  std::vector<std::string_view> out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t length = 0;
    for (const std::string_view whole : kWhole) {
      length = length == 0 && text.substr(at).starts_with(whole) ? whole.size() : length;
    }
    if (length == 0 && text.substr(at).starts_with("${")) {
      const std::size_t end = text.find('}', at);
      length = end == std::string_view::npos ? 0 : end + 1 - at;
    }
    if (length == 0) {
      length = 1;
      const int first = kind(text[at]);
      for (int before = first; at + length < text.size(); ++length) {
        const int now = kind(text[at + length]);
        const bool goes_on = now == before ? now != 4 : before == 2 && now == 1 && length == 1;
        if (!goes_on) {
          break;
        }
        before = now;
      }
      // "DBCluster": the last capital belongs to the next word.
      if (first == 2 && length > 1 && kind(text[at + 1]) == 2 && at + length < text.size() &&
          kind(text[at + length]) == 1) {
        --length;
      }
    }
    out.push_back(text.substr(at, length));
    at += length;
  }
  return out;
}

struct Action {
  std::string name;
  std::uint8_t level = 0;
  std::vector<std::pair<std::string, bool>> types;
  std::vector<std::string> keys;
  std::vector<std::string> dependent;
};
struct ResourceType {
  std::string name;
  std::string arn;
  std::vector<std::string> keys;
};
struct Service {
  std::string prefix;
  std::string title;
  std::vector<std::string> every;
  std::vector<std::string> keys;
  std::vector<ResourceType> types;
  std::vector<Action> actions;
};
struct Condition {
  std::string op;
  std::string key;
  std::vector<std::string> values;
};
struct Statement {
  bool allow = true;
  std::string sid;
  std::vector<std::string> lists[4];  ///< action, not-action, resource, not-resource
  std::vector<Condition> conditions;
};
struct Policy {
  std::string path;
  std::size_t version = 0;
  bool old = false;
  std::vector<Statement> statements;
};

/// What went wrong in a file, with its line.
class Input {
 public:
  explicit Input(const char* path) : path_(path) {
    std::ifstream in(path, std::ios::binary);
    for (std::string line; std::getline(in, line);) {
      lines_.push_back(std::move(line));
    }
    if (lines_.empty()) {
      fail(0, "cannot be read, or is empty");
    }
  }
  [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }
  void fail(std::size_t line, const std::string& message) {
    std::cerr << path_ << ':' << line + 1 << ": error: " << message << '\n';
    failed_ = true;
  }
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  const char* path_;
  std::vector<std::string> lines_;
  bool failed_ = false;
};

constexpr std::string_view kLevels[] = {"list", "read", "write", "permissions", "tagging"};
constexpr std::string_view kKeyTypes[] = {"string", "strings", "arn", "arns", "bool", "bools", "numeric", "date", "ip"};

template <std::size_t kCount>
std::optional<std::uint8_t> index_of(const std::string_view (&names)[kCount], std::string_view name) {
  const auto* const found = std::ranges::find(names, name);
  return found == std::end(names) ? std::nullopt : std::optional(static_cast<std::uint8_t>(found - std::begin(names)));
}

class Compiler {
 public:
  bool read_services(const char* path) {
    Input input(path);
    for (std::size_t number = 0; number < input.lines().size(); ++number) {
      const std::string_view line = input.lines()[number];
      const std::vector<std::string_view> words = split(line);
      if (words.empty() || line.front() == '#') {
        continue;
      }
      if (words[0] == "service" && words.size() > 1) {
        services_.push_back({std::string(words[1]), std::string(line.substr(9 + words[1].size())), {}, {}, {}, {}});
      } else if (services_.empty() || !read_service_line(words)) {
        input.fail(number, "cannot be understood");
      }
    }
    std::ranges::sort(services_, {}, &Service::prefix);
    for (Service& service : services_) {
      std::ranges::sort(service.actions, FoldedLess(), &Action::name);
    }
    return !input.failed();
  }

  bool read_policies(const char* path) {
    Input input(path);
    for (std::size_t number = 0; number < input.lines().size(); ++number) {
      const std::string_view line = input.lines()[number];
      if (!line.empty() && line.front() != '#' && !read_policy_line(line, split(line))) {
        input.fail(number, "cannot be understood");
      }
    }
    std::ranges::sort(policies_, {}, &Policy::path);
    return !input.failed();
  }

  void write(std::ostream& out) {
    count_words();
    number_keys();
    encode_services();
    encode_policies();
    out << "// Generated from the fact files by the fact compiler; do not edit.\n#include \"aws/fact_format.h\"\n\n"
           "namespace gabion::aws {\nnamespace {\n";
    for (const auto& [name, bytes] : sections_) {
      write_bytes(out, name, bytes);
    }
    out << "\nconstexpr FactTables make_tables() {\n  FactTables tables;\n";
    for (const auto& [name, bytes] : sections_) {
      out << "  tables." << name << " = {" << name << ", " << bytes.size() << "};\n";
    }
    out << "  return tables;\n}\nconstexpr FactTables kTables = make_tables();\n\n}  // namespace\n\n"
           "const FactTables& fact_tables() {\n  return kTables;\n}\n\n}  // namespace gabion::aws\n";
  }

 private:
  std::string key_name(std::string_view text) const {
    return text.starts_with(':') ? services_.back().prefix + std::string(text) : std::string(text);
  }

  bool read_service_line(const std::vector<std::string_view>& words) {
    Service& service = services_.back();
    const auto keys_from = [&](std::size_t first) {
      std::vector<std::string> out;
      for (std::size_t i = first; i < words.size(); ++i) {
        out.push_back(key_name(words[i]));
      }
      return out;
    };
    if (words[0] == "every") {
      service.every = keys_from(1);
      return true;
    }
    if (words[0] == "key") {
      const auto type = words.size() == 3 ? index_of(kKeyTypes, words[2]) : std::nullopt;
      if (type) {
        service.keys.push_back(key_name(words[1]));
        key_types_.emplace(service.keys.back(), *type);
      }
      return type.has_value();
    }
    if (words[0] == "type") {
      if (words.size() >= 3) {
        service.types.push_back({std::string(words[1]), std::string(words[2]), keys_from(3)});
      }
      return words.size() >= 3;
    }
    const auto level = index_of(kLevels, words[0]);
    if (!level || words.size() < 2) {
      return false;
    }
    Action action;
    action.level = *level;
    action.name = std::string(words[1]);
    char part = 't';
    for (const std::string_view word : std::span(words).subspan(2)) {
      if (word == "|" || word == ">") {
        part = word.front();
      } else if (part == '|') {
        action.keys.push_back(key_name(word));
      } else if (part == '>') {
        action.dependent.emplace_back(word);
      } else {
        const bool required = word.ends_with('*');
        action.types.emplace_back(word.substr(0, word.size() - (required ? 1 : 0)), required);
      }
    }
    service.actions.push_back(std::move(action));
    return true;
  }

  bool read_policy_line(std::string_view line, const std::vector<std::string_view>& words) {
    static constexpr std::string_view kLists[] = {"action", "not-action", "resource", "not-resource"};
    if (words[0] == "policy" && words.size() == 3) {
      policies_.push_back({std::string(words[1]), 0, false, {}});
      std::istringstream(std::string(words[2].substr(1))) >> policies_.back().version;
      return policies_.back().version > 0;
    }
    if (policies_.empty()) {
      return false;
    }
    Policy& policy = policies_.back();
    if (words[0] == "version") {
      policy.old = true;
      return true;
    }
    if (words[0] == "allow" || words[0] == "deny") {
      policy.statements.push_back({words[0] == "allow", words.size() > 1 ? std::string(words[1]) : "", {}, {}});
      return true;
    }
    if (policy.statements.empty()) {
      return false;
    }
    Statement& statement = policy.statements.back();
    if (words[0] == "if" && words.size() == 3) {
      statement.conditions.push_back({std::string(words[1]), std::string(words[2]), {}});
      return true;
    }
    if (words[0] == "value" && !statement.conditions.empty()) {
      statement.conditions.back().values.emplace_back(line.substr(std::min<std::size_t>(6, line.size())));
      return true;
    }
    const auto list = index_of(kLists, words[0]);
    if (!list || words.size() != 2) {
      return false;
    }
    std::vector<std::string>& to = statement.lists[*list];
    std::string_view text = words[1];
    if (*list >= 2) {
      to.emplace_back(text);
      return true;
    }
    // Actions of one service share a line: "s3:Get*,List*".
    const std::string prefix(text.substr(0, text.find(':') == std::string_view::npos ? 0 : text.find(':') + 1));
    text.remove_prefix(prefix.size());
    for (bool more = true; more;) {
      const std::size_t comma = text.find(',');
      more = comma != std::string_view::npos;
      to.push_back(prefix + std::string(text.substr(0, comma)));
      text.remove_prefix(more ? comma + 1 : text.size());
    }
    return true;
  }

  // ---- Words. ----

  void count(std::string_view text) {
    for (const std::string_view word : words_of(text)) {
      ++word_counts_[std::string(word)];
    }
  }

  void count_words() {
    for (const Service& service : services_) {
      count(service.prefix);
      count(service.title);
      for (const ResourceType& type : service.types) {
        count(type.name);
        count(type.arn);
      }
      for (const Action& action : service.actions) {
        count(action.name);
      }
    }
    for (const auto& [key, type] : key_types_) {
      count(key);
    }
    std::vector<std::pair<std::size_t, std::string>> by_use;
    for (const auto& [word, uses] : word_counts_) {
      by_use.emplace_back(uses, word);
    }
    std::ranges::stable_sort(by_use, [](const auto& a, const auto& b) { return a.first > b.first; });
    Bytes words;
    Bytes places;
    put_fixed(places, 0, kOffsetBytes);
    for (const auto& [uses, word] : by_use) {
      put_fixed(places, words.size(), kOffsetBytes);
      word_numbers_.emplace(word, word_numbers_.size() + 1);
      words += word;
    }
    put_fixed(places, words.size(), kOffsetBytes);
    add("words", words);
    add("word_places", places);
  }

  void put_text(Bytes& out, std::string_view text) const {
    for (const std::string_view word : words_of(text)) {
      put_number(out, word_numbers_.find(std::string(word))->second);
    }
    put_number(out, 0);
  }

  // ---- Services. ----

  void number_keys() {
    Bytes keys;
    Bytes data;
    for (const auto& [key, type] : key_types_) {
      key_numbers_.emplace(key, key_numbers_.size());
      put_fixed(keys, data.size(), 3);
      put_text(data, key);
      data += static_cast<char>(type);
    }
    add("keys", keys);
    add("key_data", data);
  }

  std::size_t key_set(const std::vector<std::string>& names) {
    std::vector<std::size_t> numbers;
    for (const std::string& name : names) {
      if (const auto found = key_numbers_.find(name); found != key_numbers_.end()) {
        numbers.push_back(found->second);
      }
    }
    std::ranges::sort(numbers);
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    Bytes coded;
    put_number(coded, numbers.size());
    std::size_t before = 0;
    for (const std::size_t number : numbers) {
      put_number(coded, number - before);
      before = number;
    }
    const auto [place, fresh] = key_set_places_.emplace(coded, key_sets_.size());
    if (fresh) {
      key_sets_ += coded;
    }
    return place->second;
  }

  void encode_services() {
    std::map<std::string, std::size_t> action_numbers;
    for (const Service& service : services_) {
      for (const Action& action : service.actions) {
        action_numbers.emplace(source::to_lower(service.prefix + ":" + action.name), action_numbers.size());
      }
    }
    // The map is sorted otherwise than the table: number again in the table's order.
    std::size_t next = 0;
    for (const Service& service : services_) {
      for (const Action& action : service.actions) {
        action_numbers[source::to_lower(service.prefix + ":" + action.name)] = next++;
      }
    }
    static_cast<void>(key_set({}));  // place 0: no keys
    Bytes services;
    Bytes service_data;
    Bytes actions;
    Bytes action_data;
    Bytes shapes;
    Bytes types;
    Bytes type_data;
    std::map<Bytes, std::size_t> shape_places;
    std::size_t first_action = 0;
    std::size_t first_type = 0;
    for (const Service& service : services_) {
      put_fixed(services, service_data.size(), 3);
      put_fixed(services, first_action, 2);
      put_fixed(services, first_type, 2);
      put_fixed(services, key_set(service.every), 3);
      put_fixed(services, key_set(service.keys), 3);
      put_text(service_data, service.prefix);
      put_text(service_data, service.title);
      for (const ResourceType& type : service.types) {
        put_fixed(types, type_data.size(), 3);
        put_text(type_data, type.name);
        put_text(type_data, type.arn);
        put_number(type_data, key_set(type.keys));
      }
      for (const Action& action : service.actions) {
        Bytes shape(1, static_cast<char>(action.level));
        std::vector<std::size_t> of;
        for (const auto& [name, required] : action.types) {
          for (std::size_t i = 0; i < service.types.size(); ++i) {
            if (service.types[i].name == name) {
              of.push_back(i * 2 + (required ? 1 : 0));
            }
          }
        }
        put_number(shape, of.size());
        std::ranges::for_each(of, [&](std::size_t one) { put_number(shape, one); });
        put_number(shape, key_set(action.keys));
        std::vector<std::size_t> dependent;
        for (const std::string& one : action.dependent) {
          if (const auto found = action_numbers.find(source::to_lower(one)); found != action_numbers.end()) {
            dependent.push_back(found->second);
          }
        }
        put_number(shape, dependent.size());
        std::ranges::for_each(dependent, [&](std::size_t one) { put_number(shape, one); });
        const auto [place, fresh] = shape_places.emplace(shape, shapes.size());
        if (fresh) {
          shapes += shape;
        }
        put_fixed(actions, action_data.size(), 3);
        put_text(action_data, action.name);
        put_number(action_data, place->second);
      }
      first_action += service.actions.size();
      first_type += service.types.size();
    }
    put_fixed(services, service_data.size(), 3);
    put_fixed(services, first_action, 2);
    put_fixed(services, first_type, 2);
    put_fixed(services, 0, 6);
    add("services", services);
    add("service_data", service_data);
    add("actions", actions);
    add("action_data", action_data);
    add("shapes", shapes);
    add("types", types);
    add("type_data", type_data);
    add("key_sets", key_sets_);
  }

  // ---- Policies. ----

  void count_strings() {
    const auto count_all = [this](const std::vector<std::string>& texts) {
      std::ranges::for_each(texts, [this](const std::string& text) { ++string_counts_[text]; });
    };
    for (const Policy& policy : policies_) {
      ++string_counts_[policy.path];
      for (const Statement& statement : policy.statements) {
        ++string_counts_[statement.sid];
        std::ranges::for_each(statement.lists, count_all);
        for (const Condition& condition : statement.conditions) {
          ++string_counts_[condition.op];
          ++string_counts_[condition.key];
          count_all(condition.values);
        }
      }
    }
  }

  void encode_policies() {
    count_strings();
    std::vector<std::pair<std::size_t, std::string>> by_use;
    for (const auto& [text, uses] : string_counts_) {
      by_use.emplace_back(uses, text);
    }
    std::ranges::stable_sort(by_use, [](const auto& a, const auto& b) { return a.first > b.first; });
    Bytes strings;
    Bytes text;
    std::map<std::string, std::size_t> numbers;
    for (const auto& [uses, one] : by_use) {
      numbers.emplace(one, numbers.size());
      put_fixed(strings, text.size(), kOffsetBytes);
      text += one;
    }
    put_fixed(strings, text.size(), kOffsetBytes);
    Bytes policies;
    Bytes data;
    const auto put_list = [&](const std::vector<std::string>& list) {
      put_number(data, list.size());
      std::ranges::for_each(list, [&](const std::string& one) { put_number(data, numbers[one]); });
    };
    for (const Policy& policy : policies_) {
      put_fixed(policies, data.size(), kOffsetBytes);
      put_number(data, numbers[policy.path]);
      put_number(data, policy.version);
      data += static_cast<char>(policy.old ? 1 : 0);
      put_number(data, policy.statements.size());
      for (const Statement& statement : policy.statements) {
        data += static_cast<char>(statement.allow ? 1 : 0);
        put_number(data, numbers[statement.sid]);
        std::ranges::for_each(statement.lists, put_list);
        put_number(data, statement.conditions.size());
        for (const Condition& condition : statement.conditions) {
          put_number(data, numbers[condition.op]);
          put_number(data, numbers[condition.key]);
          put_list(condition.values);
        }
      }
    }
    add("policies", policies);
    add("policy_data", data);
    add("policy_strings", strings);
    add("policy_text", text);
  }

  // ---- Output. ----

  void add(const char* name, const Bytes& bytes) { sections_.emplace_back(name, bytes); }

  /// A string literal compiles many times faster than a list of numbers.
  static void write_bytes(std::ostream& out, const std::string& name, const Bytes& bytes) {
    static constexpr std::size_t kPerLine = 48;
    out << "constexpr char " << name << "[] =";
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      out << (i % kPerLine == 0 ? "\n    \"" : "");
      const auto byte = static_cast<unsigned char>(bytes[i]);
      if (byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\' && byte != '?') {
        out << bytes[i];
      } else {
        // Octal escapes end after three digits, whatever follows.
        out << '\\' << static_cast<char>('0' + (byte >> 6U)) << static_cast<char>('0' + ((byte >> 3U) & 7U))
            << static_cast<char>('0' + (byte & 7U));
      }
      out << (i % kPerLine == kPerLine - 1 || i + 1 == bytes.size() ? "\"" : "");
    }
    out << (bytes.empty() ? " \"\";\n" : ";\n");
  }

  std::vector<Service> services_;
  std::vector<Policy> policies_;
  std::map<std::string, std::uint8_t, FoldedLess> key_types_;
  std::map<std::string, std::size_t> word_counts_;
  std::map<std::string, std::size_t> word_numbers_;
  std::map<std::string, std::size_t> string_counts_;
  std::map<std::string, std::size_t> key_numbers_;
  std::map<Bytes, std::size_t> key_set_places_;
  Bytes key_sets_;
  std::vector<std::pair<std::string, Bytes>> sections_;
};

int run(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: factc OUTPUT.cpp SERVICES.facts POLICIES.facts\n";
    return 2;
  }
  Compiler compiler;
  const bool services = compiler.read_services(argv[2]);
  if (!compiler.read_policies(argv[3]) || !services) {
    return 1;
  }
  std::ofstream file(argv[1], std::ios::binary);
  compiler.write(file);
  return file.good() ? 0 : 1;
}

}  // namespace
}  // namespace gabion::aws

int main(int argc, char** argv) {
  return gabion::aws::run(argc, argv);
}
