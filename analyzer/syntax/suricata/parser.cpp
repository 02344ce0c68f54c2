#include "syntax/suricata/parser.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <unordered_map>

#include "syntax/suricata/header.h"
#include "syntax/suricata/matches.h"

namespace gabion::syntax::suricata {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (is_blank(text.front()) || text.front() == '\n')) {
    text.remove_prefix(1);
  }
  while (!text.empty() && (is_blank(text.back()) || text.back() == '\n')) {
    text.remove_suffix(1);
  }
  return text;
}

std::string_view unquoted(std::string_view text) {
  return text.size() >= 2 && text.front() == '"' && text.back() == '"' ? text.substr(1, text.size() - 2) : text;
}

bool has_hole(std::string_view text) {
  return text.find(kHole) != std::string_view::npos;
}

/// Reads the rules of one text, line by line.
class Parser {
 public:
  Parser(std::string_view text, source::Arena& arena) : text_(text), arena_(arena), problems_(text, result_.problems) {}

  [[nodiscard]] RuleFile run() {
    while (offset_ < text_.size()) {
      const std::size_t begin = offset_;
      const std::string_view line = next_line();
      const std::string_view content = trim(line);
      if (content.empty() || content.front() == '#') {
        continue;
      }
      // A hole alone, or before the next line's rule, may be any rules.
      const std::size_t solid = content.find_first_not_of(kHole);
      if (content.front() == kHole && (solid == std::string_view::npos || is_blank(content[solid]))) {
        if (solid == std::string_view::npos || content.find('(') == std::string_view::npos) {
          result_.open = true;
          continue;
        }
      }
      rule(begin + static_cast<std::size_t>(content.data() - line.data()), content);
    }
    return std::move(result_);
  }

 private:
  /// A line with those that continue it; the text itself is kept, so that places are right.
  std::string_view next_line() {
    const std::size_t begin = offset_;
    while (offset_ < text_.size()) {
      const std::size_t end = std::min(text_.find('\n', offset_), text_.size());
      offset_ = std::min(end + 1, text_.size());
      std::size_t last = end;
      while (last > begin && is_blank(text_[last - 1])) {
        --last;
      }
      if (last == begin || text_[last - 1] != '\\' || end == text_.size()) {
        return text_.substr(begin, end - begin);
      }
    }
    return text_.substr(begin);
  }

  void rule(std::size_t begin, std::string_view text) {
    Rule rule;
    rule.text = text;
    rule.place = problems_.place(begin, begin + text.size());
    std::size_t options = 0;
    if (!read_header(text, begin, rule, options, problems_)) {
      return;
    }
    read_options(begin + options, begin + text.size(), rule);
    check_signature(rule);
    check_options(rule);
    rule.matches = read_matches(rule.options, arena_, problems_);
    result_.rules.push_back(rule);
  }

  /// From behind the opening parenthesis to the end of the rule.
  void read_options(std::size_t begin, std::size_t end, Rule& rule) {
    if (end == begin || text_[end - 1] != ')') {
      problems_.add(end > begin ? end - 1 : begin, end, "the options end with a closing parenthesis");
    } else {
      --end;
    }
    std::vector<Option> options;
    std::size_t start = begin;
    bool escaped = false;
    for (std::size_t i = begin; i < end; ++i) {
      if (text_[i] == ';' && !escaped) {
        add_option(start, i, options);
        start = i + 1;
      }
      escaped = text_[i] == '\\' && !escaped;
    }
    const std::string_view rest = strip_continuations(text_.substr(start, end - start));
    if (!rest.empty()) {
      const auto at = static_cast<std::size_t>(rest.data() - text_.data());
      problems_.add(at, at + rest.size(), "an option ends with a semicolon");
      add_option(start, end, options);
    }
    rule.options = arena_.copy(options);
    if (const Option* message = rule.option("msg")) {
      rule.message = unquoted(message->value);
    }
    if (const Option* flow = rule.option("flow")) {
      rule.flow = flow->value;
    }
  }

  /// White space and the backslashes that continue a line, at both ends.
  static std::string_view strip_continuations(std::string_view text) {
    for (;;) {
      const std::string_view before = text;
      text = trim(text);
      if (text == "\\" || text.starts_with("\\\n") || text.starts_with("\\\r\n")) {
        text.remove_prefix(1);
      }
      if (text.size() == before.size()) {
        return text;
      }
    }
  }

  void add_option(std::size_t begin, std::size_t end, std::vector<Option>& options) {
    const std::string_view text = strip_continuations(text_.substr(begin, end - begin));
    if (text.empty()) {
      return;
    }
    const auto at = static_cast<std::size_t>(text.data() - text_.data());
    Option option;
    option.place = problems_.place(at, at + text.size());
    const std::size_t colon = text.find(':');
    option.name = trim(text.substr(0, colon));
    if (colon != std::string_view::npos) {
      option.has_value = true;
      option.value = trim(text.substr(colon + 1));
    }
    if (const auto odd = std::ranges::find_if(option.name, [](char c) { return c == ' ' || c == '"' || c == '('; });
        odd != option.name.end() || option.name.empty()) {
      problems_.add(option.place, option.name.empty() ? "an option starts with a name"
                                                      : "an option is a name, or a name and a colon and a value");
    }
    if (option.has_value && option.value.empty()) {
      problems_.add(option.place, "the option has a colon and no value");
    }
    options.push_back(option);
  }

  /// What Network Firewall does not take, and what takes a number.
  void check_options(const Rule& rule) {
    using namespace std::literals;
    constexpr std::array kForeign = {
        "dataset"sv,   "datarep"sv,    "iprep"sv,       "lua"sv,          "luajit"sv,          "threshold"sv,
        "filestore"sv, "filemagic"sv,  "filename"sv,    "fileext"sv,      "filesize"sv,        "filemd5"sv,
        "filesha1"sv,  "filesha256"sv, "cip_service"sv, "enip_command"sv, "detection_filter"sv};
    constexpr std::array kNumbers = {"rev"sv, "gid"sv, "priority"sv};
    constexpr std::array kTexts = {"msg"sv, "content"sv, "pcre"sv, "classtype"sv, "flow"sv, "reference"sv};
    for (const Option& option : rule.options) {
      if (std::ranges::find(kForeign, option.name) != kForeign.end()) {
        problems_.add(option.place, arena_.copy("Network Firewall does not take " + std::string(option.name)));
      }
      if (has_hole(option.value)) {
        continue;
      }
      if (std::ranges::find(kNumbers, option.name) != kNumbers.end() &&
          (option.value.empty() || option.value.find_first_not_of("0123456789") != std::string_view::npos)) {
        problems_.add(option.place, arena_.copy(std::string(option.name) + " takes a number"));
      } else if (!option.has_value && std::ranges::find(kTexts, option.name) != kTexts.end()) {
        problems_.add(option.place, arena_.copy(std::string(option.name) + " takes a value"));
      } else if (option.name == "msg" && option.value.size() >= 2 && unquoted(option.value) == option.value) {
        problems_.add(option.place, "a message is written in double quotes");
      }
    }
  }

  void check_signature(Rule& rule) {
    const Option* sid = rule.option("sid");
    if (sid == nullptr) {
      // A hole among the options may be anything, also the sid.
      const bool open = std::ranges::any_of(rule.options, [](const Option& option) { return has_hole(option.name); });
      if (!open) {
        problems_.add(rule.place, "a rule needs a sid");
      }
      return;
    }
    if (has_hole(sid->value)) {
      return;
    }
    std::uint64_t number = 0;
    const auto [stop, error] = std::from_chars(sid->value.data(), sid->value.data() + sid->value.size(), number);
    if (error != std::errc() || stop != sid->value.data() + sid->value.size() || number == 0 || number > 0xffffffffU) {
      problems_.add(sid->place, "a sid is a number from 1 to 4294967295");
      return;
    }
    rule.signature = number;
    const auto [earlier, is_new] = signatures_.emplace(number, rule.place.line);
    if (!is_new) {
      problems_.add(sid->place, arena_.copy("the sid " + std::to_string(number) + " is that of the rule in line " +
                                            std::to_string(earlier->second) + " already"));
    }
  }

  std::string_view text_;
  source::Arena& arena_;
  RuleFile result_;
  Problems problems_;
  std::size_t offset_ = 0;
  std::unordered_map<std::uint64_t, std::uint32_t> signatures_;
};

}  // namespace

RuleFile parse(std::string_view text, source::Arena& arena) {
  return Parser(text, arena).run();
}

}  // namespace gabion::syntax::suricata
