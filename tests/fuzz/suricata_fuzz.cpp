// fuzz: syntax
// Any bytes: the parser of Suricata rules ends, places lie inside of the text and say the right line, views are views
// into the text, and a rule read by itself is the same rule.
#include <cstdint>
#include <string>
#include <string_view>

#include "input.h"
#include "syntax/suricata/parser.h"

namespace suricata = gabion::syntax::suricata;

namespace {

using gabion::fuzz::require;
using gabion::fuzz::text_of;

void check(const suricata::Place& place, std::string_view text) {
  require(place.begin <= place.end && place.end <= text.size());
  std::uint32_t line = 1;
  std::size_t line_begin = 0;
  for (std::size_t i = 0; i < place.begin; ++i) {
    if (text[i] == '\n') {
      ++line;
      line_begin = i + 1;
    }
  }
  require(place.line == line && place.column == place.begin - line_begin + 1);
}

bool is_inside(std::string_view part, std::string_view whole) {
  return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

/// Everything that does not hang on where in a text the rule stands.
void same(const suricata::Rule& a, const suricata::Rule& b) {
  require(a.action == b.action && a.protocol == b.protocol && a.source == b.source && a.source_port == b.source_port &&
          a.direction == b.direction && a.destination == b.destination && a.destination_port == b.destination_port &&
          a.message == b.message && a.flow == b.flow && a.options.size() == b.options.size() &&
          a.matches.size() == b.matches.size());
  for (std::size_t i = 0; i < a.matches.size(); ++i) {
    const suricata::Match& x = a.matches[i];
    const suricata::Match& y = b.matches[i];
    require(x.buffer == y.buffer && x.content == y.content && x.flags == y.flags && x.is_pattern == y.is_pattern &&
            x.negated == y.negated && x.nocase == y.nocase && x.starts_with == y.starts_with &&
            x.ends_with == y.ends_with && x.dot_prefix == y.dot_prefix && x.buffer_size == y.buffer_size);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = text_of(data, size);
  gabion::source::Arena arena;
  const suricata::RuleFile file = suricata::parse(text, arena);
  require(file.problems.size() <= suricata::kMaxProblems);
  for (const suricata::Problem& problem : file.problems) {
    check(problem.place, text);
    require(!problem.message.empty());
  }
  for (const suricata::Rule& rule : file.rules) {
    check(rule.place, text);
    require(is_inside(rule.text, text) && is_inside(rule.action, rule.text) && is_inside(rule.message, rule.text));
    for (const suricata::Option& option : rule.options) {
      check(option.place, text);
      require(is_inside(option.name, rule.text) && is_inside(option.value, rule.text));
    }
    const suricata::RuleFile alone = suricata::parse(rule.text, arena);
    require(alone.rules.size() == 1);
    same(rule, alone.rules.front());
  }
  return 0;
}
