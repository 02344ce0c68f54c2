#include "secrets/values.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "source/ascii.h"

namespace gabion::secrets {
namespace {

using namespace std::literals;

/// Longer names are no names.
constexpr std::size_t kMaxName = 200;

using source::is_digit;
using source::is_letter;
using source::is_lower;
using source::is_upper;
using source::to_lower;

/// Words of a name in lower case: "dbPassword_1", "DB_PASSWORD_1" and "db-password1" are db, password, 1.
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words;
  std::string word;
  const auto finish = [&] {
    if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  };
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (!is_letter(c) && !is_digit(c)) {
      finish();
      continue;
    }
    const char before = i > 0 ? name[i - 1] : '_';
    const char after = i + 1 < name.size() ? name[i + 1] : '_';
    const bool hump = is_upper(c) && (is_lower(before) || (is_upper(before) && is_lower(after)));
    if (hump || is_digit(c) != is_digit(before)) {
      finish();
    }
    word += to_lower(c);
  }
  finish();
  return words;
}

template <class Table>
bool contains(const Table& table, std::string_view word) {
  return std::ranges::find(table, word) != table.end();
}

constexpr std::array kShortWords = {"an"sv, "as"sv, "at"sv, "be"sv, "by"sv, "do"sv, "in"sv, "is"sv, "it"sv,
                                    "my"sv, "no"sv, "of"sv, "on"sv, "or"sv, "so"sv, "to"sv, "up"sv, "we"sv};

/// Encodings, hashes and keys whose names have numbers.
constexpr std::array kWordsWithNumbers = {"base32"sv,  "base58"sv, "base64"sv,  "sha1"sv,    "sha224"sv, "sha256"sv,
                                          "sha384"sv,  "sha512"sv, "rsa2048"sv, "rsa4096"sv, "aes128"sv, "aes256"sv,
                                          "ed25519"sv, "es256"sv,  "hs256"sv,   "rs256"sv,   "x509"sv,   "pkcs1"sv,
                                          "pkcs8"sv,   "pkcs12"sv, "utf16"sv};

constexpr std::array kPasswords = {"password"sv, "passwords"sv, "passwd"sv,   "passphrase"sv, "pwd"sv,
                                   "passcode"sv, "pass"sv,      "psk"sv,      "userpass"sv,   "dbpassword"sv,
                                   "dbpass"sv,   "dbpasswd"sv,  "rootpass"sv, "pgpassword"sv, "sshpass"sv};
constexpr std::array kKeys = {"apikey"sv,    "apitoken"sv,     "authtoken"sv,  "accesstoken"sv,
                              "secretkey"sv, "clientsecret"sv, "privatekey"sv, "secretaccesskey"sv,
                              "sharedkey"sv, "storagekey"sv,   "authkey"sv,    "passkey"sv};
constexpr std::array kHints = {"secret"sv, "secrets"sv, "token"sv, "tokens"sv, "credential"sv, "credentials"sv};
/// Before "key".
constexpr std::array kKindsOfKeys = {"api"sv,       "secret"sv, "private"sv, "access"sv,
                                     "account"sv,   "auth"sv,   "signing"sv, "shared"sv,
                                     "preshared"sv, "master"sv, "license"sv, "authorization"sv};
/// Before "token" and "secret".
constexpr std::array kKindsOfTokens = {
    "api"sv,     "auth"sv,       "access"sv,  "oauth"sv,  "bearer"sv,   "session"sv,      "refresh"sv, "security"sv,
    "client"sv,  "app"sv,        "bot"sv,     "github"sv, "gitlab"sv,   "slack"sv,        "deploy"sv,  "shared"sv,
    "webhook"sv, "jwt"sv,        "signing"sv, "hmac"sv,   "personal"sv, "registration"sv, "vault"sv,   "consul"sv,
    "datadog"sv, "cloudflare"sv, "npm"sv,     "pypi"sv,   "master"sv,   "admin"sv};
/// May stand behind without changing what is meant.
constexpr std::array kNeutral = {"value"sv,       "plain"sv,    "plaintext"sv, "text"sv,      "string"sv,     "base"sv,
                                 "b"sv,           "wo"sv,       "default"sv,   "prod"sv,      "production"sv, "dev"sv,
                                 "development"sv, "staging"sv,  "stage"sv,     "test"sv,      "old"sv,        "new"sv,
                                 "current"sv,     "previous"sv, "primary"sv,   "secondary"sv, "content"sv,    "data"sv};
/// A name with one of these is about something else.
constexpr std::array kOtherwise = {"public"sv, "pub"sv,  "no"sv,     "page"sv,    "next"sv,  "max"sv,
                                   "min"sv,    "csrf"sv, "xsrf"sv,   "sort"sv,    "range"sv, "hash"sv,
                                   "is"sv,     "has"sv,  "enable"sv, "disable"sv, "dkim"sv};

bool is_number(std::string_view word) {
  return std::ranges::all_of(word, is_digit);
}

/// One address without a name around it, and no secret before the host.
bool is_email(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == 0 || at == std::string_view::npos) {
    return false;
  }
  const std::string_view host = text.substr(at + 1);
  const std::size_t dot = host.rfind('.');
  const auto plain = [](char c) { return is_letter(c) || is_digit(c) || "-_.+"sv.find(c) != std::string_view::npos; };
  return dot != std::string_view::npos && dot > 0 && dot + 2 < host.size() &&
         std::ranges::all_of(host.substr(dot + 1), is_letter) && std::ranges::all_of(host, plain) &&
         std::ranges::all_of(text.substr(0, at), plain) && !is_random(text.substr(0, at));
}

/// CN=admin,OU=people,DC=example,DC=com.
bool is_distinguished_name(std::string_view text) {
  constexpr std::array kTypes = {"cn"sv, "ou"sv, "o"sv, "dc"sv, "uid"sv, "l"sv, "st"sv, "c"sv};
  std::size_t parts = 0;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(','));
    const std::size_t equals = part.find('=');
    const std::size_t begin = std::min(part.find_first_not_of(' '), part.size());
    if (equals == std::string_view::npos || equals < begin || equals + 1 == part.size() ||
        !contains(kTypes, to_lower(part.substr(begin, equals - begin)))) {
      return false;
    }
    ++parts;
    text.remove_prefix(std::min(part.size() + 1, text.size()));
  }
  return parts > 1;
}

bool has_any(std::string_view text, auto... parts) {
  return ((text.find(parts) != std::string_view::npos) || ...);
}

/// Is a token that is called so what requests to AWS are told apart or continued by? A client request token makes sure
/// that a request is carried out once.
bool marks_a_request(std::string_view before_token, std::string_view before_that) {
  constexpr std::array kMarks = {"change"sv,       "purchase"sv,   "idempotency"sv,
                                 "continuation"sv, "pagination"sv, "creation"sv};
  return contains(kMarks, before_token) || (before_token == "request" && before_that == "client") ||
         (before_token == "action" && before_that == "lifecycle");
}

/// Could one of the stems below begin with these two letters? Tells most places at once.
bool may_begin_stem(char first, char second) {
  switch (first) {
    case 'p':
      return second == 'a' || second == 'w' || second == 's';
    case 'c':
      return second == 'r' || second == 'o';
    case 'k':
    case 's':
      return second == 'e';
    case 't':
      return second == 'o';
    default:
      return false;
  }
}

/// Does one of the words without which no name says anything begin in the name? Most names have none.
bool may_say_something(std::string_view name) {
  constexpr std::array kStems = {"pass"sv,  "pwd"sv,    "psk"sv,        "key"sv,
                                 "token"sv, "secret"sv, "credential"sv, "connection"sv};
  for (std::size_t at = 0; at + 1 < name.size(); ++at) {
    const auto first = static_cast<char>(name[at] | 0x20);
    if (!may_begin_stem(first, static_cast<char>(name[at + 1] | 0x20))) {
      continue;
    }
    const std::string_view rest = name.substr(at);
    for (const std::string_view stem : kStems) {
      if (stem.front() == first && rest.size() >= stem.size() &&
          std::equal(stem.begin(), stem.end(), rest.begin(), [](char a, char b) { return a == to_lower(b); })) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

NameKind kind_of_name(std::string_view name) {
  if (name.empty() || name.size() > kMaxName || !may_say_something(name)) {
    return NameKind::kOther;
  }
  const std::vector<std::string> words = words_of(name);
  std::size_t end = words.size();
  while (end > 0 && (is_number(words[end - 1]) || contains(kNeutral, words[end - 1]))) {
    --end;
  }
  if (end == 0 || std::any_of(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(end),
                              [](const std::string& word) { return contains(kOtherwise, word); })) {
    return NameKind::kOther;
  }
  const std::string& last = words[end - 1];
  const std::string_view before = end > 1 ? std::string_view(words[end - 2]) : std::string_view();
  if (contains(kPasswords, last) || (last == "word" && before == "pass")) {
    return NameKind::kPassword;
  }
  if (contains(kKeys, last) || (last == "key" && contains(kKindsOfKeys, before)) ||
      (last == "keys" && (before == "api" || before == "secret" || before == "private"))) {
    return NameKind::kKey;
  }
  if (contains(kHints, last) && !(last == "token" && marks_a_request(before, end > 2 ? words[end - 3] : ""sv))) {
    return contains(kKindsOfTokens, before) ? NameKind::kKey : NameKind::kHint;
  }
  if (last == "connection" && end < words.size() && words[end] == "string") {
    return NameKind::kHint;
  }
  return NameKind::kOther;
}

bool is_to_be_filled_in(std::string_view value) {
  const std::string text = to_lower(value);
  // The same character again and again.
  if (!text.empty() && text.find_first_not_of(text.front()) == std::string::npos) {
    return true;
  }
  if (text.find('<') != std::string::npos && text.find('>') != std::string::npos) {
    return true;
  }
  // Runs of four and more that nobody's generator writes.
  std::size_t run = 1;
  for (std::size_t i = 1; i < text.size(); ++i) {
    run = text[i] == text[i - 1] ? run + 1 : 1;
    if (run >= 4 &&
        (text[i] == 'x' || text[i] == '*' || text[i] == '.' || text[i] == '_' || text[i] == '#' || run >= 6)) {
      return true;
    }
  }
  return has_any(text, "placeholder", "your_", "your-", "your ", "yourtoken", "yourpassword", "yoursecret", "yourapi",
                 "yourkey", "replace", "insert", "todo", "fixme", "redacted", "sensitive", "fill_", "fill-", "fill in",
                 "to_be_", "to-be-", "tobe", "goes-here", "goes_here", "goeshere", "_here", "-here", "xxx");
}

bool is_placeholder(std::string_view value) {
  const std::string text = to_lower(value);
  return is_to_be_filled_in(value) ||
         has_any(text, "example", "my-super-secret", "dummy", "not-a-real", "notreal", "fake", "mock", "sample",
                 "123456789abcdef", "0123456789", "1234567890", "abcdefghij", "abcdef1234", "deadbeef", "foobar",
                 "foo-bar", "foo_bar", "lorem");
}

bool is_reference(std::string_view value) {
  for (const std::string_view start : {"arn:"sv,
                                       "ssm:"sv,
                                       "vault:"sv,
                                       "secretsmanager:"sv,
                                       "file:"sv,
                                       "op://"sv,
                                       "env:"sv,
                                       "env."sv,
                                       "data."sv,
                                       "var."sv,
                                       "local."sv,
                                       "module."sv,
                                       "{{"sv,
                                       "$"sv,
                                       "%{"sv,
                                       "%("sv,
                                       "#{"sv,
                                       "@{"sv,
                                       "@Microsoft.KeyVault"sv,
                                       "/"sv,
                                       "./"sv,
                                       "../"sv,
                                       "~"sv,
                                       "!"sv,
                                       "projects/"sv,
                                       "https://"sv,
                                       "http://"sv,
                                       "s3://"sv,
                                       "gs://"sv,
                                       "alias/"sv,
                                       "sha256:"sv,
                                       "sha512:"sv,
                                       "valueFrom"sv,
                                       "ref+"sv,
                                       "ENC["sv,
                                       "AQICAH"sv}) {
    if (value.starts_with(start)) {
      return true;
    }
  }
  // Something is filled in later.
  return has_any(value, "${"sv, "{{"sv, "$("sv, "%{"sv, "(("sv);
}

bool is_published(std::string_view value) {
  constexpr std::string_view kDatadog = "pub";
  constexpr std::size_t kDatadogDigits = 32;
  const auto hex = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); };
  return value.starts_with("pk_live_") || value.starts_with("pk_test_") ||
         (value.starts_with(kDatadog) && value.size() == kDatadog.size() + kDatadogDigits &&
          std::ranges::all_of(value.substr(kDatadog.size()), hex));
}

bool is_identity(std::string_view value) {
  if (is_distinguished_name(value)) {
    return true;
  }
  bool some = false;
  while (!value.empty()) {
    const std::string_view one = value.substr(0, value.find_first_of(",; "));
    if (!one.empty() && !is_email(one)) {
      return false;
    }
    some = some || !one.empty();
    value.remove_prefix(std::min(one.size() + 1, value.size()));
  }
  return some;
}

bool is_version(std::string_view value) {
  value.remove_prefix(std::min(value.find_first_not_of("^~<>=v "), value.size()));
  const std::string_view numbers = value.substr(0, value.find_first_of("-+"));
  std::size_t fields = 1;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const bool dot = numbers[i] == '.';
    if (!dot && !is_digit(numbers[i]) && numbers[i] != 'x' && numbers[i] != '*') {
      return false;
    }
    if (dot && (i == 0 || i + 1 == numbers.size() || numbers[i - 1] == '.')) {
      return false;
    }
    fields += dot ? 1 : 0;
  }
  return !numbers.empty() && is_digit(numbers.front()) && (fields == 2 || fields == 3);
}

bool is_file_path(std::string_view value) {
  constexpr std::size_t kLongestExtension = 6;
  const std::size_t slash = value.rfind('/');
  const std::size_t dot = value.rfind('.');
  if (slash == std::string_view::npos || dot == std::string_view::npos || dot <= slash + 1) {
    return false;
  }
  const std::string_view extension = value.substr(dot + 1);
  return !extension.empty() && extension.size() <= kLongestExtension && std::ranges::all_of(extension, is_lower) &&
         std::ranges::all_of(
             value, [](char c) { return is_letter(c) || is_digit(c) || "-_./@"sv.find(c) != std::string_view::npos; });
}

bool is_made_of_words(std::string_view value) {
  const bool several = value.find_first_of("-_./") != std::string_view::npos;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= value.size(); ++i) {
    const bool end = i == value.size() || "-_./:@ ,"sv.find(value[i]) != std::string_view::npos;
    if (!end) {
      continue;
    }
    std::string_view part = value.substr(begin, i - begin);
    begin = i + 1;
    if (several && contains(kWordsWithNumbers, part)) {
      continue;
    }
    // oauth2-client, s3_token
    if (several && part.size() > 1 && is_digit(part.back()) && is_lower(part[part.size() - 2])) {
      part.remove_suffix(1);
    }
    const bool lower_case = std::ranges::all_of(part.empty() ? part : part.substr(1), is_lower);
    const bool word = (lower_case && (part.empty() || is_letter(part.front()))) || std::ranges::all_of(part, is_upper);
    const bool number = part.size() <= 4 && is_number(part);
    constexpr std::size_t kLongestWord = 16;
    if (!number && (!word || part.size() > kLongestWord)) {
      // Words joined by humps.
      const std::vector<std::string> humps = words_of(part);
      const bool hump_words = std::ranges::all_of(part, is_letter) && humps.size() < part.size() / 3 + 1 &&
                              std::ranges::all_of(humps, [](const std::string& hump) {
                                return (hump.size() >= 3 && hump.size() <= kLongestWord) || contains(kShortWords, hump);
                              });
      if (!hump_words) {
        return false;
      }
    }
  }
  return true;
}

bool is_the_name_of_a_secret(std::string_view value) {
  return kind_of_name(value) != NameKind::kOther && is_made_of_words(value) &&
         value.find_first_of("_-./ ") != std::string_view::npos;
}

double entropy(std::string_view text) {
  if (text.empty()) {
    return 0;
  }
  std::array<std::size_t, 256> counts{};
  for (const char c : text) {
    ++counts[static_cast<unsigned char>(c)];
  }
  double bits = 0;
  const auto size = static_cast<double>(text.size());
  for (const std::size_t count : counts) {
    if (count > 0) {
      const double share = static_cast<double>(count) / size;
      bits -= share * std::log2(share);
    }
  }
  return bits;
}

bool is_random(std::string_view value) {
  constexpr std::size_t kShortest = 16;
  if (value.size() < kShortest || value.find_first_of(" \t\n") != std::string_view::npos) {
    return false;
  }
  const bool letters = std::ranges::any_of(value, is_letter);
  const bool digits = std::ranges::any_of(value, is_digit);
  const bool mixed = std::ranges::any_of(value, is_lower) && std::ranges::any_of(value, is_upper);
  const bool hex = std::ranges::all_of(
      value, [](char c) { return is_digit(c) || c == '-' || (to_lower(c) >= 'a' && to_lower(c) <= 'f'); });
  const double bits = entropy(value);
  if (hex) {
    return letters && digits && bits >= 2.8;
  }
  if (is_made_of_words(value)) {
    return false;
  }
  return digits && letters ? bits >= 3.2 : mixed && value.size() >= 20 && bits >= 4.0;
}

}  // namespace gabion::secrets
