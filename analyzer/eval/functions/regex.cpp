#include "eval/functions/regex.h"

#include <re2/re2.h>

#include <algorithm>
#include <string>
#include <vector>

#include "eval/functions/support.h"
#include "eval/functions/unicode.h"

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

/// A compiled pattern with its groups.
class Pattern {
 public:
  explicit Pattern(std::string_view text) : expression_(as_re2(text, valid_), options()) {
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
  std::vector<std::string> names_;
};

/// Calls `use(groups)` for each match from left to right; an empty match right after another match does not count.
/// Stops when the budget is used up and says so.
template <class Use>
bool for_each_match(const Pattern& pattern, std::string_view text, Context& context, Use use) {
  text = text.data() != nullptr ? text : std::string_view("");
  Pattern::Groups groups;
  std::size_t from = 0;
  std::size_t last_end = std::string_view::npos;
  while (from <= text.size()) {
    if (!context.budget.step()) {
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
  const Pattern pattern(call.arguments[0].text());
  return pattern.valid() && !pattern.mixed() ? &match_type(pattern, context) : nullptr;
}

}  // namespace

Value regex_function(const Call& call, Context& context) {
  const Pattern pattern(call.arguments[0].text());
  if (!pattern.valid() || pattern.mixed()) {
    return pattern_error(call, 0, pattern, context);
  }
  Pattern::Groups groups;
  if (!pattern.match(call.arguments[1].text(), 0, groups)) {
    return call_error(call, "pattern did not match any part of the given string", context);
  }
  return match_value(pattern, groups, context);
}

Value regexall_function(const Call& call, Context& context) {
  const Pattern pattern(call.arguments[0].text());
  if (!pattern.valid() || pattern.mixed()) {
    return pattern_error(call, 0, pattern, context);
  }
  std::vector<Value> matches;
  const Type& type = match_type(pattern, context);
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
  const Pattern pattern(pattern_text);
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
