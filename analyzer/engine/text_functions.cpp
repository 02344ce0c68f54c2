// Rule functions over names: globs and domain names.
#include <idn2.h>
#include <libpsl.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/functions.h"
#include "engine/rule_set.h"
#include "eval/functions/symbolic_text.h"
#include "source/ascii.h"

namespace gabion::engine {
namespace {

using eval::Value;

/// A domain name as it is compared: lower case, ASCII (punycode), no trailing dot; a leading dot, which stands for
/// the domain with all below it, is kept. Empty when it is not a domain name.
std::string normal_domain(std::string_view text) {
  const bool leading = !text.empty() && text.front() == '.';
  if (leading) {
    text.remove_prefix(1);
  }
  if (!text.empty() && text.back() == '.') {
    text.remove_suffix(1);
  }
  if (text.empty()) {
    return {};
  }
  std::uint8_t* ascii = nullptr;
  const std::string input(text);
  const int status = idn2_lookup_u8(reinterpret_cast<const std::uint8_t*>(input.c_str()), &ascii,
                                    IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL | IDN2_ALLOW_UNASSIGNED);
  std::string result = leading ? "." : "";
  if (status == IDN2_OK) {
    result += reinterpret_cast<const char*>(ascii);
    idn2_free(ascii);
    return result;
  }
  // Names that IDNA refuses (underscores, wildcards) are compared as ASCII text.
  return result + source::to_lower(input);
}

Value unknown_bool(const eval::Call& call, eval::Context& context) {
  for (const Value& argument : call.arguments) {
    if (const eval::Symbol* cause = eval::first_unknown(argument)) {
      return eval::make_unknown(context.arena, eval::kBoolType, cause);
    }
  }
  return eval::make_null(context.arena, eval::kBoolType);
}

/// Is everything that `inner` stands for inside what `outer` stands for? Leading dots mean "and all below".
bool domain_inside(const std::string& inner, const std::string& outer) {
  if (inner == outer) {
    return true;
  }
  if (outer.empty() || outer.front() != '.') {
    return false;
  }
  const std::string_view parent = std::string_view(outer).substr(1);
  const std::string_view child = inner.starts_with('.') ? std::string_view(inner).substr(1) : std::string_view(inner);
  return child == parent || (child.size() > outer.size() && child.ends_with(outer));
}

/// domain_within(domain, domains): inside one of the approved ones?
Value domain_within(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  static_cast<void>(rule);
  const Value& domain = call.arguments[0];
  const Value& approved = call.arguments[1];
  if (!domain.is_string() || !approved.is_sequence()) {
    return unknown_bool(call, context);
  }
  const std::string inner = normal_domain(domain.text());
  bool open = false;
  for (const Value& candidate : approved.elements()) {
    if (!candidate.is_string()) {
      open = true;
    } else if (domain_inside(inner, normal_domain(candidate.text()))) {
      return eval::make_bool(true);
    }
  }
  return open ? unknown_bool(call, context) : eval::make_bool(false);
}

/// is_public_suffix(domain): a domain under which anybody can register names (com, co.uk, github.io)?
Value is_public_suffix(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  static_cast<void>(rule);
  const Value& domain = call.arguments[0];
  if (!domain.is_string()) {
    return unknown_bool(call, context);
  }
  std::string name = normal_domain(domain.text());
  if (name.starts_with('.')) {
    name.erase(0, 1);
  }
  return eval::make_bool(name.empty() || name == "*" || psl_is_public_suffix(psl_builtin(), name.c_str()) == 1);
}

/// normalize_domain(domain): as domain_within() compares.
Value normalize_domain(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  static_cast<void>(rule);
  const Value& domain = call.arguments[0];
  if (!domain.is_string()) {
    return domain;
  }
  return eval::make_string(context.arena, normal_domain(domain.text()));
}

/// A glob over a text of which only parts are known: the places in the pattern that the text so far may have led to.
class PartialGlob {
 public:
  explicit PartialGlob(std::string_view pattern)
      : pattern_(pattern),
        stars_(std::min(pattern.find_first_not_of('*'), pattern.size())),
        places_(pattern.size() + 1) {
    places_[0] = kSure | kMay;
    skip_stars();
  }

  void literal(std::string_view text) {
    const bool may_wait = stars_ > 0 && stars_ < pattern_.size() && pattern_[stars_] != '?';
    for (std::size_t at = 0; at < text.size(); ++at) {
      // Where all so far is what the stars in front stand for, nothing happens before what comes next may begin.
      at = may_wait && waits() ? text.find(pattern_[stars_], at) : at;
      if (at == std::string_view::npos) {
        return;
      }
      read(text[at]);
      skip_stars();
    }
  }

  /// Any text of these characters (of all, when they are not known): a star surely takes it, and what they can stand
  /// for may be passed.
  void hole(const std::optional<eval::CharacterSet>& characters) {
    bool before = false;  // may the text have led to the place before, or through the hole there?
    for (std::size_t i = 0; i < places_.size(); ++i) {
      const bool may = (places_[i] & kMay) != 0 || before;
      const bool star = i < pattern_.size() && pattern_[i] == '*';
      places_[i] = static_cast<std::uint8_t>((star ? places_[i] & kSure : 0U) | (may ? kMay : 0U));
      before = may && i < pattern_.size() &&
               (star || pattern_[i] == '?' || !characters || characters->test(static_cast<unsigned char>(pattern_[i])));
    }
    skip_stars();
  }

  /// Nothing when it depends on the holes.
  [[nodiscard]] std::optional<bool> matches() const {
    return (places_.back() & kSure) != 0 ? std::optional(true)
           : places_.back() != 0         ? std::nullopt
                                         : std::optional(false);
  }

 private:
  static constexpr std::uint8_t kSure = 1;  ///< the text led there whatever the holes hold
  static constexpr std::uint8_t kMay = 2;   ///< for some texts of the holes

  /// Has the text led to no place behind the stars in front?
  [[nodiscard]] bool waits() const {
    return std::all_of(places_.begin() + static_cast<std::ptrdiff_t>(stars_) + 1, places_.end(),
                       [](std::uint8_t place) { return place == 0; });
  }

  /// From the last place to the first, so that no place is led to and left again by one character.
  void read(char c) {
    places_.back() = 0;
    for (std::size_t i = pattern_.size(); i-- > 0;) {
      if (places_[i] != 0 && pattern_[i] != '*') {
        const std::uint8_t left = std::exchange(places_[i], std::uint8_t{0});
        if (pattern_[i] == '?' || pattern_[i] == c) {
          places_[i + 1] |= left;
        }
      }
    }
  }

  void skip_stars() {
    for (std::size_t i = 0; i < pattern_.size(); ++i) {
      if (pattern_[i] == '*') {
        places_[i + 1] |= places_[i];
      }
    }
  }

  std::string_view pattern_;
  std::size_t stars_;  ///< that the pattern begins with
  std::vector<std::uint8_t> places_;
};

/// A text that is compared with globs. Of one that is known in part the pieces are looked for once.
class GlobText {
 public:
  explicit GlobText(const Value& text) : text_(text) {
    if (text.is_unknown()) {
      pieces_ = eval::functions::finest_pieces_of(text);
      if (std::ranges::all_of(pieces_, [](const auto& piece) { return piece.hole != nullptr; })) {
        pieces_.clear();  // it may even be null
      }
    }
  }

  /// Does the whole text match? Nothing when that is not known, or one of them is no text.
  [[nodiscard]] std::optional<bool> matches(const Value& pattern) const {
    if (!pattern.is_string() || (!text_.is_string() && pieces_.empty())) {
      return std::nullopt;
    }
    if (text_.is_string()) {
      return glob_matches(pattern.text(), text_.text());
    }
    PartialGlob glob(pattern.text());
    for (const eval::functions::TextPiece& piece : pieces_) {
      if (piece.hole != nullptr) {
        glob.hole(eval::functions::characters_of(piece));
      } else {
        glob.literal(piece.text);
      }
    }
    return glob.matches();
  }

 private:
  const Value& text_;
  std::vector<eval::functions::TextPiece> pieces_;
};

/// glob(patterns, text): does the whole text match one of them? `*` is any run of characters, `?` any one.
Value glob(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  static_cast<void>(rule);
  const Value& patterns = call.arguments[0];
  const GlobText text(call.arguments[1]);
  if (!patterns.is_sequence() && patterns.held().empty()) {
    const std::optional<bool> matches = text.matches(patterns);
    return matches ? eval::make_bool(*matches) : unknown_bool(call, context);
  }
  bool open = patterns.is_unknown();
  for (const Value& pattern : patterns.held()) {
    const std::optional<bool> matches = text.matches(pattern);
    if (matches.value_or(false)) {
      return eval::make_bool(true);
    }
    open = open || (!matches && (pattern.is_unknown() || call.arguments[1].is_unknown()));
  }
  return open ? unknown_bool(call, context) : eval::make_bool(false);
}

/// May the text end so? What is no text is left to whoever looks at it.
bool may_end(const Value& text, std::string_view end) {
  if (text.is_string()) {
    return text.text().ends_with(end);
  }
  const eval::StringDetail* detail = text.is_unknown() ? text.detail() : nullptr;
  const bool known_end = detail != nullptr && !detail->parts.empty() && detail->parts.back().value == nullptr &&
                         detail->parts.back().text.size() >= end.size();
  return !known_end || detail->parts.back().text.ends_with(end);
}

/// ending(texts, ends): those that end so, or may.
Value ending(const eval::Call& call, RuleContext&, eval::Context& context) {
  const Value& texts = call.arguments[0];
  const Value& wanted = call.arguments[1];
  const std::span<const Value> ends = wanted.is_sequence() ? wanted.elements() : std::span(&wanted, 1);
  if (!texts.is_sequence() || !std::ranges::all_of(ends, &Value::is_string)) {
    return texts;
  }
  std::vector<Value> found;
  for (const Value& text : texts.elements()) {
    if (std::ranges::any_of(ends, [&](const Value& end) { return may_end(text, end.text()); })) {
      found.push_back(text);
    }
  }
  return found.size() == texts.elements().size()
             ? texts
             : eval::with_marks(context.arena, eval::make_tuple(context.arena, found), texts.marks());
}

/// possibly(condition): may it hold?
Value possibly(const eval::Call& call, RuleContext&, eval::Context& context) {
  const Value& condition = call.arguments[0];
  return condition.is_unknown() ? eval::with_marks(context.arena, eval::make_bool(true), condition.marks()) : condition;
}

constexpr std::array<RuleFunction, 6> kFunctions = {{
    {"domain_within", "domain_within(domain, domains)",
     "Is the domain one of the domains, or below one of those written with a leading dot? Case, a trailing dot and "
     "the spelling of international names do not count.",
     2, 2, domain_within, HangsOn::kArguments},
    {"ending", "ending(texts, ends)",
     "Those of a list of texts that end with a text, or with one of a list of them; also those that may.", 2, 2, ending,
     HangsOn::kArguments},
    {"glob", "glob(patterns, text)",
     "Does the whole text match the pattern, or one of a list of them? * is any run of characters, ? any one.", 2, 2,
     glob, HangsOn::kArguments},
    {"is_public_suffix", "is_public_suffix(domain)",
     "Is it a domain under which anybody can register names, such as com, co.uk or github.io (public suffix list)?", 1,
     1, is_public_suffix, HangsOn::kTexts},
    {"normalize_domain", "normalize_domain(domain)",
     "The domain in lower case, without trailing dot, international names in their ASCII form.", 1, 1, normalize_domain,
     HangsOn::kTexts},
    {"possibly", "possibly(condition)",
     "The condition, or true where it is not known: for leaving out what surely does not matter, so that what may is "
     "looked at.",
     1, 1, possibly, HangsOn::kArguments},
}};

}  // namespace

std::span<const RuleFunction> text_functions() {
  return kFunctions;
}

}  // namespace gabion::engine
