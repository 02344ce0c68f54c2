#include "eval/functions/regex.h"

#include <re2/re2.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "eval/functions/support.h"
#include "eval/functions/symbolic_text.h"
#include "eval/functions/unicode.h"
#include "eval/pattern_cache.h"
#include "source/ascii.h"
#include "source/memory_shortage.h"

namespace gabion::eval::functions {
namespace {

/// Go also writes named groups as (?<name>...); RE2 knows (?P<name>...) only. It has no \C, which Go refuses.
std::string as_re2(std::string_view pattern, bool& valid) {
  std::string out;
  out.reserve(pattern.size() + 8);
  bool in_class = false;
  bool quoted = false;
  std::size_t class_start = 0;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const char c = pattern[at];
    if (quoted) {
      out.push_back(c);
      if (c == '\\' && at + 1 < pattern.size() && pattern[at + 1] == 'E') {
        out.push_back(pattern[++at]);
        quoted = false;
      }
      continue;
    }
    out.push_back(c);
    if (c == '\\' && at + 1 < pattern.size()) {
      const char escaped = pattern[++at];
      out.push_back(escaped);
      quoted = !in_class && escaped == 'Q';
      valid = valid && escaped != 'C';
    } else if (in_class) {
      // A bracket right after the opening one is literal; [:name:] has brackets of its own.
      if (c == '[' && at + 1 < pattern.size() && pattern[at + 1] == ':') {
        const std::size_t end = pattern.find(":]", at + 2);
        if (end != std::string_view::npos) {
          out += pattern.substr(at + 1, end + 1 - at);
          at = end + 1;
        }
      } else if (c == ']' && at != class_start) {
        in_class = false;
      }
    } else if (c == '[') {
      in_class = true;
      class_start = at + 1;
      if (class_start < pattern.size() && pattern[class_start] == '^') {
        out.push_back('^');
        ++at;
        ++class_start;
      }
    } else if (c == '(' && pattern.substr(at + 1).starts_with("?<")) {
      out += "?P<";
      at += 2;
    }
  }
  return out;
}

/// What the notation of a pattern tells about its matches; where it is not plain, what promises least.
struct Notation {
  bool looks_ahead = true;               ///< what is behind a match may decide whether it is one
  bool looks_back = true;                ///< what is before it may
  bool finds_words = true;               ///< it has \b or \B
  bool anchored = false;                 ///< matches are at the start of the text only
  std::optional<std::size_t> longest{};  ///< bytes that a match has at most
};

/// Bytes of the character, class or assertion at `at`, at most; moves `at` behind it. Nothing for what is not plain.
std::optional<std::size_t> read_atom(std::string_view pattern, std::size_t& at, Notation& notation) {
  constexpr std::size_t kAnyCharacter = 4;
  const char c = pattern[at++];
  if (c == '.') {
    return kAnyCharacter;
  }
  if (c == '^' || c == '$') {
    (c == '^' ? notation.looks_back : notation.looks_ahead) = true;
    return 0;
  }
  if (c == '[') {
    const std::size_t begin = at;
    at += at < pattern.size() && pattern[at] == '^' ? 1 : 0;
    at += at < pattern.size() && pattern[at] == ']' ? 1 : 0;
    bool ascii = pattern.substr(begin, 1) != "^";
    for (; at < pattern.size() && pattern[at] != ']'; ++at) {
      if (pattern[at] == '[') {
        return std::nullopt;  // maybe [:name:]
      }
      ascii = ascii && pattern[at] != '\\' && static_cast<unsigned char>(pattern[at]) < 0x80;
      at += pattern[at] == '\\' ? 1 : 0;
    }
    ++at;
    return ascii ? 1 : kAnyCharacter;
  }
  if (c != '\\') {
    return 1;
  }
  const char escaped = at < pattern.size() ? pattern[at++] : '\0';
  switch (escaped) {
    case 'A':
      notation.looks_back = true;
      return 0;
    case 'z':
      notation.looks_ahead = true;
      return 0;
    case 'b':
    case 'B':
      notation.finds_words = true;
      notation.looks_back = true;
      notation.looks_ahead = true;
      return 0;
    case 'D':
    case 'S':
    case 'W':
      return kAnyCharacter;
    default: {
      const bool letter = source::is_letter(escaped);
      const bool known = std::string_view("dswafnrtv").find(escaped) != std::string_view::npos;
      const bool digit = escaped >= '0' && escaped <= '9';
      return (letter && !known) || digit ? std::nullopt : std::optional<std::size_t>(1);
    }
  }
}

/// Where a group's inside begins; nothing for flags.
std::optional<std::size_t> inside_of_group(std::string_view pattern, std::size_t at) {
  const std::string_view rest = pattern.substr(at);
  if (!rest.starts_with('?')) {
    return at;
  }
  if (rest.starts_with("?:")) {
    return at + 2;
  }
  const std::size_t end = rest.starts_with("?P<") || rest.starts_with("?<") ? rest.find('>') : std::string_view::npos;
  return end == std::string_view::npos ? std::nullopt : std::optional(at + end + 1);
}

Notation read_notation(std::string_view pattern) {
  Notation notation{.looks_ahead = false, .looks_back = false, .finds_words = false, .anchored = false, .longest = 0};
  const std::size_t anchor = pattern.starts_with('^') ? 1 : (pattern.starts_with("\\A") ? 2 : 0);
  // An anchor with a quantifier may be left out.
  notation.anchored = anchor > 0 && (anchor == pattern.size() ||
                                     std::string_view("*?+{").find(pattern[anchor]) == std::string_view::npos);
  std::size_t depth = 0;
  std::size_t at = 0;
  while (at < pattern.size()) {
    const char c = pattern[at];
    if (c == '*' || c == '+' || c == '{') {
      notation.longest.reset();
      ++at;
    } else if (c == '|' || c == '?' || c == ')') {
      notation.anchored = notation.anchored && (c != '|' || depth > 0);
      depth -= c == ')' && depth > 0 ? 1 : 0;
      ++at;
    } else if (c == '(') {
      const std::optional<std::size_t> inside = inside_of_group(pattern, at + 1);
      if (!inside) {
        return {};
      }
      ++depth;
      at = *inside;
    } else {
      const std::optional<std::size_t> size = read_atom(pattern, at, notation);
      if (!size) {
        return {};
      }
      // The sum over all alternatives is enough for the longest.
      notation.longest = notation.longest ? std::optional(*notation.longest + *size) : std::nullopt;
    }
  }
  return notation;
}

/// A compiled pattern with its groups.
class Pattern {
 public:
  explicit Pattern(std::string_view text)
      : expression_(as_re2(text, valid_), options()), notation_(read_notation(text)) {
    valid_ = valid_ && expression_.ok();
    if (valid_) {
      names_.resize(static_cast<std::size_t>(expression_.NumberOfCapturingGroups()));
      for (const auto& [index, name] : expression_.CapturingGroupNames()) {
        names_[static_cast<std::size_t>(index - 1)] = name;
      }
    }
  }

  [[nodiscard]] bool valid() const { return valid_; }
  [[nodiscard]] std::string error() const { return expression_.ok() ? "unsupported escape" : expression_.error(); }
  /// Names of the groups in order, empty for those without one.
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  [[nodiscard]] bool has_named() const {
    return std::any_of(names_.begin(), names_.end(), [](const std::string& name) { return !name.empty(); });
  }
  [[nodiscard]] bool mixed() const {
    return has_named() &&
           std::any_of(names_.begin(), names_.end(), [](const std::string& name) { return name.empty(); });
  }

  [[nodiscard]] const Notation& notation() const { return notation_; }

  /// What every match at the start of a text begins with, as far as that is easily told. Worked out when it is first
  /// asked for; a pattern is used by one thread.
  [[nodiscard]] const std::string& required_start() const {
    if (!required_start_) {
      constexpr int kLongest = 200;
      std::string least;
      std::string greatest;
      required_start_.emplace();
      // RE2's range does not foresee what words are followed by.
      if (!notation_.finds_words && expression_.PossibleMatchRange(&least, &greatest, kLongest)) {
        required_start_->assign(least.begin(), std::ranges::mismatch(least, greatest).in1);
      }
    }
    return *required_start_;
  }

  /// One match: the whole and the groups. A group that took no part has a null data().
  using Groups = std::vector<re2::StringPiece>;
  [[nodiscard]] bool match(std::string_view text, std::size_t from, Groups& groups) const {
    // The groups of an empty text need an address, too.
    text = text.data() != nullptr ? text : std::string_view("");
    groups.assign(names_.size() + 1, re2::StringPiece());
    return expression_.Match(re2::StringPiece(text.data(), text.size()), from, text.size(), RE2::UNANCHORED,
                             groups.data(), static_cast<int>(groups.size()));
  }

 private:
  static RE2::Options options() {
    RE2::Options options;
    options.set_log_errors(false);
    return options;
  }

  bool valid_ = true;
  RE2 expression_;
  Notation notation_;
  std::vector<std::string> names_;
  mutable std::optional<std::string> required_start_;
};

/// The pattern, compiled now or remembered.
std::shared_ptr<const Pattern> compiled(std::string_view text, Context& context) {
  // Compiling takes as long as evaluating so many plain expressions.
  constexpr std::uint64_t kSteps = 100;
  const source::MemoryGuard guard;
  if (context.patterns == nullptr) {
    static_cast<void>(context.budget.step(kSteps + text.size()));
    return std::make_shared<const Pattern>(text);
  }
  std::shared_ptr<const void>& place = context.patterns->at(text);
  if (place == nullptr) {
    static_cast<void>(context.budget.step(kSteps + text.size()));
    place = std::make_shared<const Pattern>(text);
  }
  return std::static_pointer_cast<const Pattern>(place);
}

/// What is sure about the first match in a text with holes.
enum class Certainty : std::uint8_t {
  kOpen,
  kNone,   ///< there is none
  kSome,   ///< there is one
  kFound,  ///< it is the one in the known start of the text
};

/// `groups` are those of the match when it is found.
Certainty first_match(const Pattern& pattern, const Value& text, std::string& start, Pattern::Groups& groups) {
  const Notation& notation = pattern.notation();
  bool first = true;
  bool inside = false;
  std::string run;
  const auto end_run = [&] {
    Pattern::Groups ignored;
    if (first) {
      start = run;
    } else if (!notation.looks_ahead && !notation.looks_back && !run.empty()) {
      inside = inside || pattern.match(run, 0, ignored);
    }
    first = false;
    run.clear();
  };
  for (const TextPiece& piece : pieces_of(text)) {
    if (piece.hole != nullptr) {
      end_run();
    } else {
      run += piece.text;
    }
  }
  end_run();
  if (start.empty() && text.is_unknown()) {
    start = text.unknown().prefix;
  }
  const bool matches = pattern.match(start, 0, groups);
  if (notation.anchored) {
    const std::string& required = pattern.required_start();
    const auto differ = std::ranges::mismatch(required, start);
    if (differ.in1 != required.end() && differ.in2 != start.end()) {
      return Certainty::kNone;
    }
    if (!matches && !notation.looks_ahead && notation.longest && *notation.longest <= start.size()) {
      return Certainty::kNone;
    }
  }
  if (matches && !notation.looks_ahead) {
    // Whatever begins no later ends in the known text too, so that nothing behind it takes part in the choice.
    const auto begin = static_cast<std::size_t>(groups[0].data() - start.data());
    const bool decided = notation.longest && begin + *notation.longest <= start.size();
    return decided ? Certainty::kFound : Certainty::kSome;
  }
  return inside ? Certainty::kSome : Certainty::kOpen;
}

/// Calls `use(groups)` for each match from left to right; an empty match right after another match does not count.
/// Stops when the budget is used up and says so.
template <class Use>
bool for_each_match(const Pattern& pattern, std::string_view text, Context& context, Use use) {
  text = text.data() != nullptr ? text : std::string_view("");
  Pattern::Groups groups;
  std::size_t from = 0;
  std::size_t last_end = std::string_view::npos;
  while (from <= text.size()) {
    // A match may look at all that follows, however short it turns out to be.
    constexpr std::size_t kBytesOfAStep = 256;
    if (!context.budget.step(1 + (text.size() - from) / kBytesOfAStep)) {
      return false;
    }
    if (!pattern.match(text, from, groups)) {
      break;
    }
    const auto begin = static_cast<std::size_t>(groups[0].data() - text.data());
    const std::size_t end = begin + groups[0].size();
    if (begin != end || begin != last_end) {
      use(groups, begin, end);
    }
    last_end = end;
    if (end > from) {
      from = end;
    } else {
      from += from < text.size() ? decode(text, from).size : 1;
    }
  }
  return true;
}

Value group_value(const re2::StringPiece& group, Context& context) {
  if (group.data() == nullptr) {
    return make_null(context.arena, kStringType);
  }
  return make_string(context.arena, std::string_view(group.data(), group.size()));
}

Value match_value(const Pattern& pattern, const Pattern::Groups& groups, Context& context) {
  if (pattern.names().empty()) {
    return group_value(groups[0], context);
  }
  if (pattern.has_named()) {
    std::vector<Member> members;
    for (std::size_t i = 0; i < pattern.names().size(); ++i) {
      members.push_back({.name = context.arena.copy(pattern.names()[i]), .value = group_value(groups[i + 1], context)});
    }
    return make_object(context.arena, members);
  }
  std::vector<Value> elements;
  for (std::size_t i = 1; i < groups.size(); ++i) {
    elements.push_back(group_value(groups[i], context));
  }
  return eval::make_tuple(context.arena, elements);
}

const Type& match_type(const Pattern& pattern, Context& context) {
  if (pattern.names().empty()) {
    return kStringType;
  }
  if (pattern.has_named()) {
    std::vector<AttributeType> attributes;
    for (const std::string& name : pattern.names()) {
      attributes.push_back({.name = context.arena.copy(name), .type = &kStringType});
    }
    return *object_type(context.arena, attributes);
  }
  const std::vector<const Type*> elements(pattern.names().size(), &kStringType);
  return *tuple_type(context.arena, elements);
}

Value pattern_error(const Call& call, std::size_t argument, const Pattern& pattern, Context& context) {
  if (pattern.valid()) {
    return argument_error(call, argument, "invalid regexp pattern: named and unnamed groups are mixed", context);
  }
  return argument_error(call, argument, "invalid regexp pattern: " + pattern.error(), context);
}

/// Appends the replacement with its references to groups filled in.
void expand(std::string& out, std::string_view replacement, const Pattern& pattern, const Pattern::Groups& groups) {
  const auto is_word = [](const CodePoint& c) {
    return (c.value >= '0' && c.value <= '9') || (c.value >= 'a' && c.value <= 'z') ||
           (c.value >= 'A' && c.value <= 'Z') || c.value == '_' || c.value >= 0x80;
  };
  std::size_t at = 0;
  while (at < replacement.size()) {
    const std::size_t dollar = replacement.find('$', at);
    if (dollar == std::string_view::npos) {
      break;
    }
    out += replacement.substr(at, dollar - at);
    at = dollar + 1;
    if (at < replacement.size() && replacement[at] == '$') {
      out.push_back('$');
      ++at;
      continue;
    }
    const bool braces = at < replacement.size() && replacement[at] == '{';
    const std::size_t begin = at + (braces ? 1 : 0);
    std::size_t end = begin;
    while (end < replacement.size()) {
      const CodePoint code_point = decode(replacement, end);
      if (!is_word(code_point)) {
        break;
      }
      end += code_point.size;
    }
    const bool closed = !braces || (end < replacement.size() && replacement[end] == '}');
    if (end == begin || !closed) {
      out.push_back('$');  // malformed: the dollar sign stands for itself
      continue;
    }
    const std::string_view name = replacement.substr(begin, end - begin);
    at = end + (braces ? 1 : 0);
    // Digits are a number unless they begin with a zero that is not alone or are too many.
    std::size_t index = groups.size();
    const bool digits = name.find_first_not_of("0123456789") == std::string_view::npos && name.size() <= 8 &&
                        (name.size() == 1 || name.front() != '0');
    if (digits) {
      index = 0;
      for (const char c : name) {
        index = index * 10 + static_cast<std::size_t>(c - '0');
      }
      if (index < groups.size() && groups[index].data() != nullptr) {
        out.append(groups[index].data(), groups[index].size());
      }
      continue;
    }
    for (std::size_t i = 0; i < pattern.names().size(); ++i) {
      if (pattern.names()[i] == name && groups[i + 1].data() != nullptr) {
        out.append(groups[i + 1].data(), groups[i + 1].size());
        break;
      }
    }
  }
  out += replacement.substr(std::min(at, replacement.size()));
}

/// The type when the pattern argument is known and fine.
const Type* known_type(const Call& call, Context& context) {
  if (!call.arguments[0].is_string()) {
    return nullptr;
  }
  const std::shared_ptr<const Pattern> held = compiled(call.arguments[0].text(), context);
  const Pattern& pattern = *held;
  return pattern.valid() && !pattern.mixed() ? &match_type(pattern, context) : nullptr;
}

/// The result when an argument is not known at all or the match is open: it may fail.
Value in_doubt(const Call& call, const Type& type, Context& context) {
  for (const Value& argument : call.arguments) {
    if (argument.is_unknown()) {
      put_in_doubt(context, argument);
    }
  }
  return unknown_result(call, type, context);
}

}  // namespace

Value regex_function(const Call& call, Context& context) {
  if (!call.arguments[0].is_string()) {
    return in_doubt(call, kDynamicType, context);
  }
  const std::shared_ptr<const Pattern> held = compiled(call.arguments[0].text(), context);
  const Pattern& pattern = *held;
  if (!pattern.valid() || pattern.mixed()) {
    return pattern_error(call, 0, pattern, context);
  }
  Pattern::Groups groups;
  std::string start;
  const Value& text = call.arguments[1];
  Certainty certainty = Certainty::kNone;
  if (text.is_string()) {
    certainty = pattern.match(text.text(), 0, groups) ? Certainty::kFound : Certainty::kNone;
  } else {
    certainty = first_match(pattern, text, start, groups);
  }
  switch (certainty) {
    case Certainty::kNone:
      return call_error(call, "pattern did not match any part of the given string", context);
    case Certainty::kFound:
      return match_value(pattern, groups, context);
    case Certainty::kSome:
      return unknown_result(call, match_type(pattern, context), context);
    default:
      return in_doubt(call, match_type(pattern, context), context);
  }
}

Value regexall_function(const Call& call, Context& context) {
  if (!call.arguments[0].is_string()) {
    return in_doubt(call, kListOfAny, context);
  }
  const std::shared_ptr<const Pattern> held = compiled(call.arguments[0].text(), context);
  const Pattern& pattern = *held;
  if (!pattern.valid() || pattern.mixed()) {
    return pattern_error(call, 0, pattern, context);
  }
  std::vector<Value> matches;
  const Type& type = match_type(pattern, context);
  if (!call.arguments[1].is_string()) {
    Pattern::Groups groups;
    std::string start;
    const Certainty certainty = first_match(pattern, call.arguments[1], start, groups);
    if (certainty == Certainty::kFound && pattern.notation().anchored) {
      matches.push_back(match_value(pattern, groups, context));
    } else if (certainty != Certainty::kNone) {
      const Type& list = *list_type(context.arena, type);
      Unknown unknown = unknown_result(call, list, context).unknown();
      unknown.not_null = true;
      unknown.min_length = certainty == Certainty::kOpen ? 0 : 1;
      return make_unknown(context.arena, list, unknown);
    }
    return make_list(context.arena, type, matches);
  }
  const bool complete = for_each_match(pattern, call.arguments[1].text(), context,
                                       [&](const Pattern::Groups& groups, std::size_t, std::size_t) {
                                         matches.push_back(match_value(pattern, groups, context));
                                       });
  if (!complete) {
    return budget_result(call, *list_type(context.arena, type), context);
  }
  return make_list(context.arena, type, matches);
}

const Type* regex_type(const Call& call, Context& context) {
  const Type* type = known_type(call, context);
  return type != nullptr ? type : &kDynamicType;
}

const Type* regexall_type(const Call& call, Context& context) {
  const Type* type = known_type(call, context);
  return type != nullptr ? list_type(context.arena, *type) : &kListOfAny;
}

Value replace_by_pattern(const Call& call, std::string_view text, std::string_view pattern_text,
                         std::string_view replacement, Context& context) {
  const std::shared_ptr<const Pattern> held = compiled(pattern_text, context);
  const Pattern& pattern = *held;
  if (!pattern.valid()) {
    return pattern_error(call, 1, pattern, context);
  }
  std::string out;
  std::size_t copied = 0;
  bool fits = true;
  const bool complete =
      for_each_match(pattern, text, context, [&](const Pattern::Groups& groups, std::size_t begin, std::size_t end) {
        fits = fits && out.size() <= context.limits.value_bytes;
        if (!fits) {
          return;
        }
        out += text.substr(copied, begin - copied);
        expand(out, replacement, pattern, groups);
        copied = end;
      });
  if (!complete || !fits) {
    return budget_result(call, kStringType, context);
  }
  out += text.substr(copied);
  return text_result(call, out, context);
}

}  // namespace gabion::eval::functions
