#include "secrets/detector.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>

#include "secrets/starts.h"
#include "source/ascii.h"

namespace gabion::secrets {
namespace {

using namespace std::literals;

/// What stands behind the beginning of a word, in any case.
enum class Ending : std::uint8_t {
  kNone,
  kKey,     ///< _?-?key
  kKeys,    ///< [_-]?keys?
  kString,  ///< _?string
};

struct NameWord {
  std::string_view start;
  Ending ending = Ending::kNone;
};

/// Words without one of which no name says that its value is secret. SecureString stands beside a parameter whose value
/// is secret, whatever its name, and Bearer before the token of a request.
constexpr std::array kNameWords = {
    NameWord{"pass"},
    NameWord{"pwd"},
    NameWord{"psk"},
    NameWord{"secret"},
    NameWord{"token"},
    NameWord{"credential"},
    NameWord{"api", Ending::kKey},
    NameWord{"access", Ending::kKeys},
    NameWord{"account", Ending::kKeys},
    NameWord{"auth", Ending::kKeys},
    NameWord{"authorization", Ending::kKeys},
    NameWord{"private", Ending::kKeys},
    NameWord{"shared", Ending::kKeys},
    NameWord{"signing", Ending::kKeys},
    NameWord{"storage", Ending::kKeys},
    NameWord{"master", Ending::kKeys},
    NameWord{"license", Ending::kKeys},
    NameWord{"connection", Ending::kString},
    NameWord{"securestring"},
    NameWord{"bearer"},
};

constexpr std::size_t kLongestValue = 500;

using source::is_digit;
using source::is_letter;

/// Words that choose how a password is made or whether there is one.
constexpr std::array kChoices = {
    "true"sv,   "false"sv,     "null"sv,     "none"sv,      "required"sv,  "optional"sv,  "enabled"sv, "disabled"sv,
    "random"sv, "generated"sv, "generate"sv, "auto"sv,      "automatic"sv, "always"sv,    "never"sv,   "string"sv,
    "number"sv, "bool"sv,      "any"sv,      "prompt"sv,    "default"sv,   "plaintext"sv, "sops"sv,    "managed"sv,
    "test"sv,   "vault"sv,     "env"sv,      "password"sv,  "passwd"sv,    "secret"sv,    "token"sv,   "unused"sv,
    "empty"sv,  "undefined"sv, "unknown"sv,  "n/a"sv,       "tbd"sv,       "basic"sv,     "bearer"sv,  "ignored"sv,
    "text"sv,   "value"sv,     "yes"sv,      "temporary"sv, "pass"sv,      "api_key"sv,   "apikey"sv,  "local"sv,
    "unset"sv,  "notset"sv};

/// Behind "not" and a separator.
constexpr std::array kNots = {"set"sv,        "used"sv,       "needed"sv,    "required"sv, "given"sv,  "provided"sv,
                              "configured"sv, "applicable"sv, "available"sv, "defined"sv,  "present"sv};

bool is_choice(std::string_view value) {
  const std::string text = source::to_lower(value);
  constexpr std::string_view kNot = "not";
  const bool negated = text.starts_with(kNot) && text.find_first_of("-_ ") == kNot.size();
  return std::ranges::find(kChoices, text) != kChoices.end() ||
         (negated && std::ranges::find(kNots, std::string_view(text).substr(kNot.size() + 1)) != kNots.end());
}

/// 40 letters of base64 with all kinds among them.
bool is_aws_secret_key(std::string_view value) {
  constexpr std::size_t kSize = 40;
  constexpr double kLeastBits = 4.0;
  const auto base64 = [](char c) { return is_letter(c) || is_digit(c) || c == '+' || c == '/'; };
  return value.size() == kSize && std::ranges::all_of(value, base64) && std::ranges::any_of(value, is_digit) &&
         std::ranges::any_of(value, [](char c) { return c >= 'A' && c <= 'Z'; }) &&
         std::ranges::any_of(value, [](char c) { return c >= 'g' && c <= 'z'; }) && entropy(value) >= kLeastBits;
}

/// Does the lower-case word begin there, in any case?
bool begins_at(std::string_view text, std::size_t at, std::string_view word) {
  return text.size() - at >= word.size() &&
         std::equal(word.begin(), word.end(), text.begin() + static_cast<std::ptrdiff_t>(at),
                    [](char a, char b) { return a == source::to_lower(b); });
}

/// Where an ending that begins there ends; nothing when none does.
std::optional<std::size_t> behind(Ending ending, std::string_view text, std::size_t at) {
  const auto is = [&](char c) { return at < text.size() && text[at] == c; };
  const auto word = [&](std::string_view expected) -> std::optional<std::size_t> {
    return begins_at(text, at, expected) ? std::optional(at + expected.size()) : std::nullopt;
  };
  switch (ending) {
    case Ending::kNone:
      return at;
    case Ending::kKey:
      at += is('_') ? 1 : 0;
      at += is('-') ? 1 : 0;
      return word("key");
    case Ending::kKeys: {
      at += is('_') || is('-') ? 1 : 0;
      const std::optional<std::size_t> several = word("keys");
      return several ? several : word("key");
    }
    case Ending::kString:
      at += is('_') ? 1 : 0;
      return word("string");
  }
  return std::nullopt;
}

/// Where the word of a name that begins there ends; nothing when none does.
std::optional<std::size_t> behind_name(std::string_view text, std::size_t at) {
  const char first = source::to_lower(text[at]);
  for (const auto& [start, ending] : kNameWords) {
    if (start.front() == first && begins_at(text, at, start)) {
      if (const std::optional<std::size_t> end = behind(ending, text, at + start.size())) {
        return end;
      }
    }
  }
  return std::nullopt;
}

/// A name, which may be quoted, and = or : behind it.
struct Assignment {
  std::string_view name;
  std::string_view quote;  ///< before the value
  std::size_t value = 0;   ///< where that begins
};

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

/// Where blanks that begin there end.
std::size_t behind_blanks(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of(" \t", at), text.size());
}

/// The name that ends right before the sign, between `from` and there; empty when there is none.
std::string_view name_before(std::string_view text, std::size_t from, std::size_t sign) {
  const auto is_in_name = [](char c) { return source::is_alphanumeric(c) || c == '_' || c == '.' || c == '-'; };
  std::size_t end = sign;
  while (end > from && is_blank(text[end - 1])) {
    --end;
  }
  end -= end > from && (text[end - 1] == '"' || text[end - 1] == '\'') ? 1 : 0;
  end -= end > from && text[end - 1] == '\\' ? 1 : 0;
  std::size_t begin = end;
  while (begin > from && is_in_name(text[begin - 1])) {
    --begin;
  }
  while (begin < end && !is_letter(text[begin])) {
    ++begin;
  }
  return text.substr(begin, end - begin);
}

/// The option of a command whose value a blank parts from it: --db-password value. Empty where none ends there.
std::string_view option_before(std::string_view text, std::size_t from, std::size_t blank) {
  if (blank == from || !is_letter(text[blank - 1])) {
    return {};
  }
  const std::string_view name = name_before(text, from, blank);
  const auto begin = static_cast<std::size_t>(name.data() - text.data());
  // Switches are followed by something else.
  constexpr std::array kSwitches = {"no-"sv, "with-"sv, "use-"sv, "skip-"sv, "ask-"sv, "enable-"sv};
  const bool is_switch =
      std::ranges::any_of(kSwitches, [&](std::string_view start) { return name.starts_with(start); });
  return !name.empty() && begin >= 2 && text.substr(begin - 2, 2) == "--" && !is_switch ? name : std::string_view();
}

/// The first assignment from there on: name = value, "name": "value", name => 'value', name := value, --name value.
std::optional<Assignment> next_assignment(std::string_view text, std::size_t from) {
  for (std::size_t sign = from; sign < text.size(); ++sign) {
    const bool blank = is_blank(text[sign]);
    if (text[sign] != '=' && text[sign] != ':' && !blank) {
      continue;
    }
    const std::string_view name = blank ? option_before(text, from, sign) : name_before(text, from, sign);
    if (name.empty()) {
      continue;
    }
    const bool is_long = text.substr(sign).starts_with("=>") || text.substr(sign).starts_with(":=");
    const std::size_t at = behind_blanks(text, sign + (is_long ? 2 : 1));
    const std::string_view rest = text.substr(at);
    const std::size_t quote = rest.starts_with("\\\"") ? 2 : rest.starts_with('"') || rest.starts_with('\'') ? 1 : 0;
    const char first = quote < rest.size() ? rest[quote] : '\0';
    if (blank && (first == '-' || first == '{' || first == '[')) {
      continue;  // the next option, or a document, which says itself what is what
    }
    return Assignment{name, rest.substr(0, quote), at + quote};
  }
  return std::nullopt;
}

/// What is assigned in `text` behind a quote, or behind none: up to where it ends.
std::string_view assigned(std::string_view text, std::string_view quote) {
  const std::string_view ends = quote.empty() ? " \t\n\v\f\r\"'`,;&|<>()[]{}\\" : quote == "'" ? "'\n" : "\"\\\n";
  return text.substr(0, text.substr(0, kLongestValue).find_first_of(ends)).substr(0, kLongestValue);
}

/// Does what begins at the offset stand within an ARN, whose fields colons part:
/// arn:aws:secretsmanager:...:secret:name? Of one that began before an interpolation, the end is left.
bool is_in_arn(std::string_view text, std::size_t begin) {
  if (begin == 1 && text.starts_with(":secret:")) {
    return true;
  }
  constexpr std::size_t kLongestArn = 2048;
  const std::string_view before = text.substr(0, begin).substr(begin - std::min(begin, kLongestArn));
  const std::size_t blank = before.find_last_of(" \t\n\v\f\r\"'`,;&|<>()[]{}\\=");
  return before.substr(blank == std::string_view::npos ? 0 : blank + 1).starts_with("arn:");
}

}  // namespace

class Detector::Words {
 public:
  /// What is looked for.
  enum class What : std::uint8_t { kMarkers, kNames, kBoth };

  /// The first marker or name from there on.
  [[nodiscard]] std::optional<Part> find(What what, std::string_view text, std::size_t from) const {
    for (std::size_t at = starts_.find(text, from); at < text.size(); at = starts_.find(text, at + 1)) {
      std::optional<std::size_t> end;
      if (what != What::kNames) {
        end = behind_marker(text, at);
      }
      if (!end && what != What::kMarkers) {
        end = behind_name(text, at);
      }
      if (end) {
        return Part{at, *end};
      }
    }
    return std::nullopt;
  }

 private:
  static std::vector<std::string_view> sorted_markers() {
    std::vector<std::string_view> result = markers();
    std::ranges::sort(result);
    return result;
  }
  static std::vector<std::string_view> name_starts() {
    std::vector<std::string_view> result;
    std::ranges::transform(kNameWords, std::back_inserter(result), &NameWord::start);
    return result;
  }

  /// Where the marker that begins there ends; none is the beginning of another one.
  [[nodiscard]] std::optional<std::size_t> behind_marker(std::string_view text, std::size_t at) const {
    for (auto marker = std::ranges::lower_bound(markers_, static_cast<unsigned char>(text[at]), {}, first_letter);
         marker != markers_.end() && marker->front() == text[at]; ++marker) {
      if (text.substr(at).starts_with(*marker)) {
        return at + marker->size();
      }
    }
    return std::nullopt;
  }
  /// As texts are sorted.
  static unsigned char first_letter(std::string_view text) { return static_cast<unsigned char>(text.front()); }

  std::vector<std::string_view> markers_ = sorted_markers();
  Starts starts_{markers(), name_starts()};
};

Detector::Detector() : words_(std::make_unique<const Words>()) {}
Detector::~Detector() = default;

std::optional<Detector::Part> Detector::hint(std::string_view text, std::size_t from) const {
  return words_->find(Words::What::kBoth, text, from);
}

bool Detector::may_hold(std::string_view text) const {
  return hint(text, 0).has_value();
}

std::vector<Detector::Part> Detector::hints(std::string_view text) const {
  std::vector<Part> found;
  for (auto part = hint(text, 0); part; part = hint(text, part->end)) {
    found.push_back(*part);
  }
  return found;
}

std::vector<Token> Detector::tokens(std::string_view text) const {
  std::vector<Token> found;
  std::size_t from = 0;
  while (const auto marker = words_->find(Words::What::kMarkers, text, from)) {
    const auto token = read_token(text, marker->begin, marker->end);
    from = marker->end;
    if (token) {
      found.push_back(*token);
      from = std::max(token->end, from);
    }
  }
  return found;
}

std::vector<Token> Detector::written(std::string_view text) const {
  std::vector<Token> found = tokens(text);
  if (!words_->find(Words::What::kNames, text, 0)) {
    return found;
  }
  const std::size_t formats = found.size();
  std::size_t from = 0;
  while (const auto assignment = next_assignment(text, from)) {
    from = assignment->value;
    const std::string_view name = assignment->name;
    // Authorization: Bearer token.
    constexpr std::string_view kBearer = "bearer ";
    const bool bearer = source::to_lower(name) == "authorization" && begins_at(text, from, kBearer);
    // What stands behind a name that says nothing may itself be a name: "url: password=...".
    if (bearer) {
      from = behind_blanks(text, from + kBearer.size());
    } else if (kind_of_name(name) == NameKind::kOther) {
      continue;
    }
    const bool quoted = !assignment->quote.empty();
    const std::string_view value = assigned(text.substr(from), bearer ? std::string_view() : assignment->quote);
    if (value.empty() || (!quoted && is_in_arn(text, static_cast<std::size_t>(name.data() - text.data())))) {
      continue;
    }
    from += value.size();
    const auto begin = static_cast<std::size_t>(value.data() - text.data());
    const auto what = bearer ? secret(NameKind::kHint, name, value) : secret(name, value);
    // Without quotes it may be code: a variable, a call, a word.
    constexpr std::size_t kLeastBare = 6;
    const bool code = !quoted && (value.size() < kLeastBare || std::ranges::none_of(value, is_digit) ||
                                  std::ranges::none_of(value, is_letter));
    const bool known =
        std::any_of(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(formats),
                    [&](const Token& token) { return token.begin < begin + value.size() && begin < token.end; });
    if (what && !code && !known) {
      found.push_back({begin, begin + value.size(), *what});
    }
  }
  std::ranges::sort(found, {}, &Token::begin);
  return found;
}

std::optional<std::string_view> Detector::example_key(std::string_view value) {
  constexpr std::size_t kAccessKey = 20;
  constexpr std::size_t kSecretKey = 40;
  const bool example = value.find("EXAMPLE") != std::string_view::npos;
  if (example && value.size() == kAccessKey && (value.starts_with("AKIA") || value.starts_with("ASIA"))) {
    return "an access key of AWS"sv;
  }
  if (example && value.size() == kSecretKey && value.ends_with("KEY")) {
    return "a secret access key of AWS"sv;
  }
  return std::nullopt;
}

std::optional<std::string_view> Detector::secret(std::string_view name, std::string_view value) const {
  return secret(kind_of_name(name), name, value);
}

std::optional<std::string_view> Detector::secret(NameKind kind, std::string_view name, std::string_view value) const {
  // Shorter ones are nothing that anybody uses.
  constexpr std::size_t kShortest = 4;
  if (value.size() < kShortest) {
    return std::nullopt;
  }
  if (const std::vector<Token> found = tokens(value); !found.empty()) {
    return found.front().what;
  }
  if (kind == NameKind::kOther || is_reference(value) || is_published(value) || is_placeholder(value) ||
      is_choice(value) || is_the_name_of_a_secret(value) || is_version(value) || is_file_path(value) || value == name) {
    return std::nullopt;
  }
  if (is_aws_secret_key(value) && kind != NameKind::kPassword) {
    // Others have keys of this form too, which go by the name of a token or of an API key.
    const std::string folded = source::to_lower(name);
    const bool of_aws = folded.find("aws") != std::string::npos || folded.find("access") != std::string::npos ||
                        folded.find("secret") != std::string::npos;
    return of_aws ? "a secret access key of AWS"sv : "what looks like a secret"sv;
  }
  if (kind == NameKind::kPassword) {
    // A sentence is not a password, and digits alone are a PIN at most.
    if (value.find_first_of(" \t\n") != std::string_view::npos) {
      return std::nullopt;
    }
    return "a password"sv;
  }
  if (is_identity(value)) {
    return std::nullopt;
  }
  if (is_random(value)) {
    return "what looks like a secret"sv;
  }
  // A person's key: short, but no word.
  constexpr std::size_t kShortestKey = 8;
  const bool mixed = std::ranges::any_of(value, is_digit) && std::ranges::any_of(value, is_letter);
  if (kind == NameKind::kKey && value.size() >= kShortestKey && mixed && !is_made_of_words(value) &&
      value.find_first_of(" \t\n") == std::string_view::npos) {
    return "what looks like a secret"sv;
  }
  return std::nullopt;
}

}  // namespace gabion::secrets
