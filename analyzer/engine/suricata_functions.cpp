// Rule functions over Suricata rules, the texts of stateful rule groups. What is not known of a text is a hole in it:
// the rules around it are read all the same, and a field with a hole is unknown.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "engine/functions.h"
#include "syntax/suricata/parser.h"

namespace gabion::engine {
namespace {

namespace suricata = syntax::suricata;
using eval::Value;

/// Deeper templates within templates are holes.
constexpr int kMaxNesting = 16;

/// A text as it was put together: one piece of known text, or a hole.
class Pieces {
 public:
  Pieces(const Value& value, eval::Context& context)
      : context_(context), name_(eval::shorten(eval::identity_text(value))) {
    add(value, 0);
  }

  /// The whole text, holes as suricata::kHole. It lives in the arena, as what is read from it does.
  [[nodiscard]] std::string_view text() { return context_.arena.copy(text_); }

  /// Where the text between two offsets was written: exactly, or the place of the piece that it is in.
  [[nodiscard]] source::Region region(std::size_t begin, std::size_t end) const {
    const auto after = std::ranges::upper_bound(spans_, begin, {}, &Span::begin);
    if (after == spans_.begin()) {
      return {};
    }
    const Span& span = *std::prev(after);
    if (!span.exact || !span.region.valid()) {
      return span.region;
    }
    source::Region result = span.region;
    const std::size_t length = result.end - result.begin;
    result.begin += static_cast<std::uint32_t>(std::min(begin - span.begin, length));
    result.end = std::min(result.end, result.begin + static_cast<std::uint32_t>(end - begin));
    return result;
  }

  /// The value of a piece of the text, symbolic where it has holes. `text` is a view into text().
  [[nodiscard]] Value value(std::string_view text, std::string_view what) const {
    if (text.find(suricata::kHole) == std::string_view::npos) {
      return eval::make_string(context_.arena, text);
    }
    eval::Unknown unknown;
    unknown.symbol = context_.symbols.derive("suricata_rules(" + name_ + ")" + std::string(what), *first_hole_);
    unknown.not_null = true;
    unknown.prefix = context_.arena.copy(text.substr(0, text.find(suricata::kHole)));
    return eval::make_unknown(context_.arena, eval::kStringType, unknown);
  }

  [[nodiscard]] const eval::Symbol* first_hole() const { return first_hole_; }

 private:
  struct Span {
    std::size_t begin = 0;
    source::Region region;
    bool exact = false;
  };

  void add(const Value& value, int depth) {
    const std::span<const eval::Part> parts =
        value.detail() == nullptr ? std::span<const eval::Part>() : value.detail()->parts;
    const source::Region region = value.origin() == nullptr ? source::Region() : value.origin()->region;
    if (!parts.empty() && depth < kMaxNesting) {
      for (const eval::Part& part : parts) {
        if (part.value != nullptr) {
          add(part.value->origin() == nullptr ? part.value->with_origin(value.origin()) : *part.value, depth + 1);
        } else {
          spans_.push_back({text_.size(), part.region, part.exact});
          text_ += part.text;
        }
      }
      return;
    }
    spans_.push_back({text_.size(), region, false});
    if (const eval::Symbol* hole = eval::first_unknown(value)) {
      first_hole_ = first_hole_ == nullptr ? hole : first_hole_;
      text_ += suricata::kHole;
    } else {
      text_ += eval::primitive_text(value);
    }
  }

  eval::Context& context_;
  std::string text_;
  std::vector<Span> spans_;
  std::string name_;  ///< tells this text from others in the names of symbols
  const eval::Symbol* first_hole_ = nullptr;
};

/// Null for null, an unknown list for a text of which nothing is known; nothing when it can be read.
std::optional<Value> unreadable(const eval::Call& call, eval::Context& context) {
  const Value& text = call.arguments[0];
  if (text.is_error() || text.is_null()) {
    return text;
  }
  const bool has_parts = text.detail() != nullptr && !text.detail()->parts.empty();
  if (text.is_string() || (text.is_unknown() && has_parts)) {
    return std::nullopt;
  }
  if (const eval::Symbol* cause = eval::first_unknown(text)) {
    return eval::make_unknown(context.arena, eval::kDynamicType, cause);
  }
  return eval::make_error(context.arena, "suricata rules are a text", call.region);
}

Value with_place(const Value& value, source::Region region, eval::Context& context) {
  if (!region.valid()) {
    return value;
  }
  return value.with_origin(eval::make_origin(context.arena, eval::OriginKind::kExpression, region));
}

Value optional_text(const Pieces& pieces, std::string_view text, std::string_view what, eval::Context& context) {
  return text.empty() ? eval::make_null(context.arena, eval::kStringType) : pieces.value(text, what);
}

Value optional_number(std::optional<std::uint64_t> number, eval::Context& context) {
  return number ? eval::make_number(context.arena, static_cast<std::int64_t>(*number))
                : eval::make_null(context.arena, eval::kNumberType);
}

Value match_value(const suricata::Match& match, const Pieces& pieces, const std::string& what, eval::Context& context) {
  const source::Region region = pieces.region(match.place.begin, match.place.end);
  const std::array<eval::Member, 9> members = {{
      {"buffer", eval::make_string(context.arena, match.buffer), {}},
      {"content", with_place(pieces.value(match.content, what + ".content"), region, context), {}},
      {"dot_prefix", eval::make_bool(match.dot_prefix), {}},
      {"ends_with", eval::make_bool(match.ends_with), {}},
      {"is_pattern", eval::make_bool(match.is_pattern), {}},
      {"negated", eval::make_bool(match.negated), {}},
      {"nocase", eval::make_bool(match.nocase), {}},
      {"size", optional_number(match.buffer_size, context), {}},
      {"starts_with", eval::make_bool(match.starts_with), {}},
  }};
  return with_place(eval::make_object(context.arena, members), region, context);
}

Value rule_value(const suricata::Rule& rule, std::size_t index, const Pieces& pieces, eval::Context& context) {
  const std::string what = "[" + std::to_string(index) + "]";
  std::vector<Value> matches;
  for (const suricata::Match& match : rule.matches) {
    matches.push_back(match_value(match, pieces, what + ".matches[" + std::to_string(matches.size()) + "]", context));
  }
  std::vector<Value> options;
  for (const suricata::Option& option : rule.options) {
    const std::string name = what + ".options[" + std::to_string(options.size()) + "]";
    const std::array<eval::Member, 2> members = {{
        {"name", pieces.value(option.name, name + ".name"), {}},
        {"value", optional_text(pieces, option.value, name + ".value", context), {}},
    }};
    options.push_back(eval::make_object(context.arena, members));
  }
  const std::array<eval::Member, 13> members = {{
      {"action", pieces.value(rule.action, what + ".action"), {}},
      {"destination", pieces.value(rule.destination, what + ".destination"), {}},
      {"destination_port", pieces.value(rule.destination_port, what + ".destination_port"), {}},
      {"direction", eval::make_string(context.arena, rule.direction == suricata::Direction::kBoth ? "<>" : "->"), {}},
      {"flow", optional_text(pieces, rule.flow, what + ".flow", context), {}},
      {"line", eval::make_number(context.arena, std::int64_t{rule.place.line}), {}},
      {"matches", eval::make_tuple(context.arena, matches), {}},
      {"message", optional_text(pieces, rule.message, what + ".message", context), {}},
      {"options", eval::make_tuple(context.arena, options), {}},
      {"protocol", pieces.value(rule.protocol, what + ".protocol"), {}},
      {"sid", optional_number(rule.signature, context), {}},
      {"source", pieces.value(rule.source, what + ".source"), {}},
      {"source_port", pieces.value(rule.source_port, what + ".source_port"), {}},
  }};
  return with_place(eval::make_object(context.arena, members), pieces.region(rule.place.begin, rule.place.end),
                    context);
}

/// The tuple that `add` makes of the rules of a text that can be read.
template <class Add>
Value read(const eval::Call& call, eval::Context& context, const Add& add) {
  if (const std::optional<Value> other = unreadable(call, context)) {
    return *other;
  }
  Pieces pieces(call.arguments[0], context);
  const suricata::RuleFile file = suricata::parse(pieces.text(), context.arena);
  std::vector<Value> result;
  add(file, pieces, result);
  return eval::make_tuple(context.arena, result);
}

/// suricata_rules(text): the rules as objects.
Value rules(const eval::Call& call, RuleContext&, eval::Context& context) {
  return read(call, context, [&](const suricata::RuleFile& file, const Pieces& pieces, std::vector<Value>& result) {
    for (const suricata::Rule& one : file.rules) {
      result.push_back(rule_value(one, result.size(), pieces, context));
    }
    if (file.open && pieces.first_hole() != nullptr) {
      // What stands in the hole is any number of rules: one unknown element keeps "all" and "none" open.
      const eval::Symbol& cause = *pieces.first_hole();
      result.push_back(
          eval::make_unknown(context.arena, eval::kDynamicType,
                             context.symbols.derive("suricata_rules(" + std::string(cause.text) + ")", cause)));
    }
  });
}

/// suricata_problems(text): why the firewall would refuse the rules.
Value problems(const eval::Call& call, RuleContext&, eval::Context& context) {
  return read(call, context, [&](const suricata::RuleFile& file, const Pieces& pieces, std::vector<Value>& result) {
    for (const suricata::Problem& problem : file.problems) {
      const std::array<eval::Member, 3> members = {{
          {"column", eval::make_number(context.arena, std::int64_t{problem.place.column}), {}},
          {"line", eval::make_number(context.arena, std::int64_t{problem.place.line}), {}},
          {"message", eval::make_string(context.arena, problem.message), {}},
      }};
      result.push_back(with_place(eval::make_object(context.arena, members),
                                  pieces.region(problem.place.begin, problem.place.end), context));
    }
  });
}

constexpr std::array<RuleFunction, 2> kFunctions = {{
    {"suricata_problems", "suricata_problems(text)",
     "What is wrong with Suricata rules, as objects with message, line and column; empty when Network Firewall can "
     "take them.",
     1, 1, problems, HangsOn::kArguments},
    {"suricata_rules", "suricata_rules(text)",
     "Suricata rules as objects with action, protocol, source, source_port, direction, destination, destination_port, "
     "flow, message, sid, line, options (name, value) and matches (buffer, content, is_pattern, negated, nocase, "
     "starts_with, ends_with, dot_prefix, size).",
     1, 1, rules, HangsOn::kArguments},
}};

}  // namespace

std::span<const RuleFunction> suricata_functions() {
  return kFunctions;
}

}  // namespace gabion::engine
