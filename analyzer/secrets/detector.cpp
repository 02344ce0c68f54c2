#include "secrets/detector.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <string>

#include "secrets/starts.h"
#include "source/ascii.h"
#include "source/memory_shortage.h"

namespace gabion::secrets {
namespace {

using namespace std::literals;

/// Words without one of which no name says that its value is secret.
constexpr const char* kNameExpression =
    "(?i:pass|pwd|psk|secret|token|credential|api_?-?key|(?:access|account|auth|authorization|private|shared|signing|"
    "storage|master|license)[_-]?keys?|connection_?string|securestring)";

/// With what it begins. The expression is tried where one of these stands. SecureString stands beside a parameter whose
/// value is secret, whatever its name.
constexpr std::array kNameStarts = {"pass"sv,       "pwd"sv,        "psk"sv,         "secret"sv,  "token"sv,
                                    "credential"sv, "api"sv,        "access"sv,      "account"sv, "auth"sv,
                                    "private"sv,    "shared"sv,     "signing"sv,     "storage"sv, "master"sv,
                                    "license"sv,    "connection"sv, "securestring"sv};

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

/// The first assignment from there on: name = value, "name": "value", name => 'value', name := value.
std::optional<Assignment> next_assignment(std::string_view text, std::size_t from) {
  for (std::size_t sign = from; sign < text.size(); ++sign) {
    if (text[sign] != '=' && text[sign] != ':') {
      continue;
    }
    const std::string_view name = name_before(text, from, sign);
    if (name.empty()) {
      continue;
    }
    const bool is_long = text.substr(sign).starts_with("=>") || text.substr(sign).starts_with(":=");
    const std::size_t at = behind_blanks(text, sign + (is_long ? 2 : 1));
    const std::string_view rest = text.substr(at);
    const std::size_t quote = rest.starts_with("\\\"") ? 2 : rest.starts_with('"') || rest.starts_with('\'') ? 1 : 0;
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

struct Detector::Expressions {
  static RE2::Options options() {
    RE2::Options result;
    result.set_encoding(RE2::Options::EncodingLatin1);
    result.set_log_errors(false);
    return result;
  }

  Starts starts{secrets::markers(), {kNameStarts.begin(), kNameStarts.end()}};
  RE2 markers{marker_expression(), options()};
  RE2 anything{marker_expression() + "|" + kNameExpression, options()};
  RE2 names{kNameExpression, options()};

  /// The first place from there on at which a marker or a name is that the expression matches, and where it ends.
  [[nodiscard]] std::optional<Part> find(const RE2& expression, std::string_view text, std::size_t from) const {
    const re2::StringPiece whole(text.data(), text.size());
    re2::StringPiece match;
    for (std::size_t at = starts.find(text, from); at < text.size(); at = starts.find(text, at + 1)) {
      if (expression.Match(whole, at, text.size(), RE2::ANCHOR_START, &match, 1)) {
        return Part{at, at + match.size()};
      }
    }
    return std::nullopt;
  }
};

Detector::Detector() {
  const source::MemoryGuard guard;
  expressions_ = std::make_unique<Expressions>();
}
Detector::~Detector() = default;

std::optional<Detector::Part> Detector::hint(std::string_view text, std::size_t from) const {
  return expressions_->find(expressions_->anything, text, from);
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
  while (const auto marker = expressions_->find(expressions_->markers, text, from)) {
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
  if (!expressions_->find(expressions_->names, text, 0)) {
    return found;
  }
  const std::size_t formats = found.size();
  std::size_t from = 0;
  while (const auto assignment = next_assignment(text, from)) {
    from = assignment->value;
    const std::string_view name = assignment->name;
    // What stands behind a name that says nothing may itself be a name: "url: password=...".
    if (kind_of_name(name) == NameKind::kOther) {
      continue;
    }
    const bool quoted = !assignment->quote.empty();
    const std::string_view value = assigned(text.substr(from), assignment->quote);
    if (value.empty() || (!quoted && is_in_arn(text, static_cast<std::size_t>(name.data() - text.data())))) {
      continue;
    }
    from += value.size();
    const auto begin = static_cast<std::size_t>(value.data() - text.data());
    const auto what = secret(name, value);
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
    return "a secret access key of AWS"sv;
  }
  if (kind == NameKind::kPassword) {
    // A sentence is not a password, and digits alone are a PIN at most.
    if (value.find_first_of(" \t\n") != std::string_view::npos) {
      return std::nullopt;
    }
    return "a password"sv;
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
