#include "secrets/formats.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "secrets/values.h"
#include "source/ascii.h"

namespace gabion::secrets {
namespace {

using namespace std::literals;

/// What a token is made of.
enum class Letters : std::uint8_t { kUpper, kHex, kAlphanumeric, kUrl, kDots, kBase64 };

/// Where a token's checksum is.
enum class Check : std::uint8_t { kNone, kCrc32 };

/// A token: a prefix and a number of letters.
struct Format {
  std::string_view prefix;
  Letters letters;
  std::uint16_t least;
  std::uint16_t most;
  std::string_view what;
  Check check = Check::kNone;
};

/// No token is longer.
constexpr std::size_t kAny = 4000;

// Prefixes and lengths are those that the issuers document. No prefix is the beginning of a later one.
constexpr std::array kFormats = {
    Format{"AKIA", Letters::kUpper, 16, 16, "an access key of AWS"},
    Format{"ASIA", Letters::kUpper, 16, 16, "a temporary access key of AWS"},
    Format{"ABIA", Letters::kUpper, 16, 16, "a bearer token of AWS"},
    Format{"ghp_", Letters::kAlphanumeric, 36, 255, "a token of GitHub", Check::kCrc32},
    Format{"gho_", Letters::kAlphanumeric, 36, 255, "a token of GitHub", Check::kCrc32},
    Format{"ghu_", Letters::kAlphanumeric, 36, 255, "a token of GitHub", Check::kCrc32},
    Format{"ghs_", Letters::kAlphanumeric, 36, 255, "a token of GitHub", Check::kCrc32},
    Format{"ghr_", Letters::kAlphanumeric, 36, 255, "a token of GitHub", Check::kCrc32},
    Format{"github_pat_", Letters::kUrl, 60, 255, "a token of GitHub"},
    Format{"glpat-", Letters::kDots, 20, 300, "a token of GitLab"},
    Format{"gldt-", Letters::kDots, 20, 300, "a token of GitLab"},
    Format{"glrt-", Letters::kDots, 20, 300, "a token of GitLab"},
    Format{"glcbt-", Letters::kDots, 20, 300, "a token of GitLab"},
    Format{"glptt-", Letters::kDots, 20, 300, "a token of GitLab"},
    Format{"glagent-", Letters::kDots, 20, 300, "a token of GitLab"},
    Format{"gloas-", Letters::kDots, 20, 300, "a token of GitLab"},
    Format{"glsoat-", Letters::kDots, 20, 300, "a token of GitLab"},
    Format{"xoxb-", Letters::kUrl, 20, 255, "a token of Slack"},
    Format{"xoxp-", Letters::kUrl, 20, 255, "a token of Slack"},
    Format{"xoxa-", Letters::kUrl, 20, 255, "a token of Slack"},
    Format{"xoxr-", Letters::kUrl, 20, 255, "a token of Slack"},
    Format{"xoxs-", Letters::kUrl, 20, 255, "a token of Slack"},
    Format{"xoxe.", Letters::kDots, 20, 300, "a token of Slack"},
    Format{"xapp-", Letters::kUrl, 20, 255, "a token of Slack"},
    Format{"hooks.slack.com/services/", Letters::kBase64, 30, 100, "a webhook of Slack"},
    Format{"sk_live_", Letters::kAlphanumeric, 16, 255, "a secret key of Stripe"},
    Format{"rk_live_", Letters::kAlphanumeric, 16, 255, "a restricted key of Stripe"},
    Format{"whsec_", Letters::kBase64, 24, 255, "a webhook secret of Stripe"},
    Format{"AIza", Letters::kUrl, 35, 35, "an API key of Google"},
    Format{"GOCSPX-", Letters::kUrl, 24, 64, "a client secret of Google"},
    Format{"npm_", Letters::kAlphanumeric, 36, 36, "a token of npm", Check::kCrc32},
    Format{"pypi-AgE", Letters::kUrl, 50, 1000, "a token of PyPI"},
    Format{"SG.", Letters::kDots, 60, 100, "an API key of SendGrid"},
    Format{"SK", Letters::kHex, 32, 32, "an API key of Twilio"},
    Format{"AccountKey=", Letters::kBase64, 80, 100, "a storage key of Azure"},
    Format{"SharedAccessKey=", Letters::kBase64, 40, 100, "a shared access key of Azure"},
    Format{"dop_v1_", Letters::kHex, 64, 64, "a token of DigitalOcean"},
    Format{"doo_v1_", Letters::kHex, 64, 64, "a token of DigitalOcean"},
    Format{"dapi", Letters::kHex, 32, 34, "a token of Databricks"},
    Format{"hvs.", Letters::kUrl, 24, 255, "a token of Vault"},
    Format{"hvb.", Letters::kUrl, 24, 300, "a token of Vault"},
    Format{"glsa_", Letters::kUrl, 36, 64, "a token of Grafana"},
    Format{"glc_", Letters::kBase64, 32, 400, "a token of Grafana"},
    Format{"NRAK-", Letters::kUpper, 27, 27, "an API key of New Relic"},
    Format{"shpat_", Letters::kHex, 32, 32, "a token of Shopify"},
    Format{"shpss_", Letters::kHex, 32, 32, "a secret of Shopify"},
    Format{"dckr_pat_", Letters::kUrl, 27, 40, "a token of Docker Hub"},
    Format{"hf_", Letters::kAlphanumeric, 34, 40, "a token of Hugging Face"},
    Format{"sk-ant-", Letters::kUrl, 80, 200, "an API key of Anthropic"},
    Format{"sk-proj-", Letters::kUrl, 40, 250, "an API key of OpenAI"},
    Format{"pul-", Letters::kHex, 40, 40, "a token of Pulumi"},
    Format{"PMAK-", Letters::kUrl, 50, 70, "an API key of Postman"},
    Format{"rubygems_", Letters::kHex, 48, 48, "an API key of RubyGems"},
    Format{"lin_api_", Letters::kAlphanumeric, 40, 40, "an API key of Linear"},
    Format{"ATATT3", Letters::kUrl, 150, 250, "a token of Atlassian"},
    Format{"AGE-SECRET-KEY-1", Letters::kUpper, 58, 58, "a private key of age"},
};

/// Markers that are no prefixes of tokens.
constexpr std::string_view kPrivateKey = "-----BEGIN ";
constexpr std::string_view kUrl = "://";
constexpr std::string_view kJsonWebToken = "eyJ";
constexpr std::string_view kAzureSecret = "8Q~";
constexpr std::string_view kTerraformCloud = ".atlasv1.";

using source::is_alphanumeric;
using source::is_digit;

bool is_one_of(char c, Letters letters) {
  switch (letters) {
    case Letters::kUpper:
      return is_digit(c) || (c >= 'A' && c <= 'Z');
    case Letters::kHex:
      return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    case Letters::kAlphanumeric:
      return is_alphanumeric(c);
    case Letters::kUrl:
      return is_alphanumeric(c) || c == '_' || c == '-';
    case Letters::kDots:
      return is_alphanumeric(c) || c == '_' || c == '-' || c == '.';
    case Letters::kBase64:
      return is_alphanumeric(c) || c == '+' || c == '/' || c == '=';
  }
  return false;
}

/// End of a run of letters. Longer runs than any token are cut, so that many markers in one run stay cheap.
std::size_t end_of(std::string_view text, std::size_t begin, Letters letters) {
  const std::size_t stop = std::min(text.size(), begin + kAny);
  while (begin < stop && is_one_of(text[begin], letters)) {
    ++begin;
  }
  return begin;
}

/// Does a word begin at the offset?
bool at_word(std::string_view text, std::size_t begin) {
  return begin == 0 || !is_alphanumeric(text[begin - 1]);
}

/// Is a run of letters worth the name of a token?
bool is_convincing(std::string_view body, std::string_view whole) {
  constexpr double kLeastBits = 2.3;
  return !is_placeholder(whole) && entropy(body) >= kLeastBits;
}

std::optional<Token> read_prefixed(std::string_view text, std::size_t begin, std::size_t prefix_end) {
  const std::string_view marker = text.substr(begin, prefix_end - begin);
  const auto format = std::ranges::find(kFormats, marker, &Format::prefix);
  if (format == kFormats.end() || (!at_word(text, begin) && !marker.starts_with("hooks."))) {
    return std::nullopt;
  }
  const std::size_t end = end_of(text, prefix_end, format->letters);
  const std::size_t size = end - prefix_end;
  // A token of fixed length does not go on.
  if (size < format->least || size > format->most ||
      (end < text.size() && format->letters != Letters::kBase64 && is_alphanumeric(text[end]))) {
    return std::nullopt;
  }
  const std::string_view body = text.substr(prefix_end, size);
  const std::string_view whole = text.substr(begin, end - begin);
  if (format->check == Check::kCrc32 && has_valid_checksum(body)) {
    return Token{begin, end, format->what};
  }
  if (marker.starts_with("hooks.") && std::ranges::count(body, '/') < 2) {
    return std::nullopt;
  }
  if (marker == "SG." && std::ranges::count(body, '.') != 1) {
    return std::nullopt;
  }
  const bool needs_digit = format->letters != Letters::kUpper;
  if (!is_convincing(body, whole) || (needs_digit && std::ranges::none_of(body, is_digit))) {
    return std::nullopt;
  }
  return Token{begin, end, format->what};
}

/// Does a key say that it is none? Short words and runs come about by chance: a key without a passphrase begins with a
/// run of the letter A.
bool is_sample_key(std::string_view body) {
  constexpr std::size_t kLongestRun = 16;
  std::size_t run = 1;
  for (std::size_t i = 1; i < body.size(); ++i) {
    run = body[i] == body[i - 1] ? run + 1 : 1;
    if (run >= kLongestRun) {
      return true;
    }
  }
  const std::string text = source::to_lower(body);
  return std::ranges::any_of(std::array{"<", "example", "placeholder", "redacted", "your_", "your-", "..."},
                             [&](const char* word) { return text.find(word) != std::string::npos; });
}

/// From the header to the footer of a key in PEM, or to the end of what is there.
std::optional<Token> read_private_key(std::string_view text, std::size_t begin, std::size_t marker_end) {
  const std::string_view rest = text.substr(marker_end);
  constexpr std::size_t kLongestKind = 40;
  const std::size_t dashes = rest.substr(0, kLongestKind + 5).find("-----");
  if (dashes == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view kind = rest.substr(0, dashes);
  if (kind.find("PRIVATE KEY") == std::string_view::npos) {
    return std::nullopt;
  }
  const std::size_t body = marker_end + dashes + 5;
  // Keys are shorter; what follows is not read again for every header.
  constexpr std::size_t kLongestKey = std::size_t{16} * 1024;
  const std::string_view near = text.substr(0, std::min(text.size(), body + kLongestKey));
  const std::size_t footer = near.find("-----END ", body);
  const std::string_view inside = near.substr(body, footer == std::string_view::npos ? footer : footer - body);
  // A header alone, or with an interpolation or dots behind it, is no key.
  std::size_t letters = 0;
  std::size_t longest = 0;
  for (const char c : inside) {
    letters = is_one_of(c, Letters::kBase64) ? letters + 1 : 0;
    longest = std::max(longest, letters);
  }
  constexpr std::size_t kShortestLine = 24;
  if (longest < kShortestLine || is_sample_key(inside.substr(0, 200))) {
    return std::nullopt;
  }
  std::size_t end = near.size();
  if (footer != std::string_view::npos) {
    const std::size_t close = near.find("-----", footer + 9);
    end = close == std::string_view::npos ? near.size() : close + 5;
  }
  return Token{begin, end, "a private key"};
}

/// scheme://user:password@host
std::optional<Token> read_url(std::string_view text, std::size_t marker, std::size_t marker_end) {
  std::size_t begin = marker;
  constexpr std::size_t kLongestScheme = 40;
  while (begin > 0 && marker - begin < kLongestScheme &&
         (is_alphanumeric(text[begin - 1]) || text[begin - 1] == '+' || text[begin - 1] == '.' ||
          text[begin - 1] == '-')) {
    --begin;
  }
  constexpr std::size_t kLongest = 512;
  std::string_view authority = text.substr(marker_end, kLongest);
  authority = authority.substr(0, authority.find_first_of("/?#\"'<> \t\r\n`,"));
  const std::size_t at = authority.rfind('@');
  if (begin == marker || at == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view user = authority.substr(0, at);
  const std::size_t colon = user.find(':');
  if (colon == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view password = user.substr(colon + 1);
  if (password.size() < 4 || is_placeholder(password) || is_reference(password) ||
      password.find_first_of("{}$()[]") != std::string_view::npos ||
      (kind_of_name(password) != NameKind::kOther && is_made_of_words(password))) {
    return std::nullopt;
  }
  const std::size_t from = marker_end + colon + 1;
  return Token{from, from + password.size(), "a URL with a password"};
}

/// header.payload.signature, each in base64url; the header is JSON that names an algorithm.
std::optional<Token> read_json_web_token(std::string_view text, std::size_t begin, std::size_t marker_end) {
  if (!at_word(text, begin)) {
    return std::nullopt;
  }
  constexpr std::size_t kLeastPart = 10;
  const std::size_t header = end_of(text, marker_end, Letters::kUrl);
  if (header - begin < kLeastPart || !text.substr(header).starts_with(".eyJ")) {
    return std::nullopt;
  }
  const std::size_t payload = end_of(text, header + 1, Letters::kUrl);
  if (payload - header < kLeastPart || payload == text.size() || text[payload] != '.') {
    return std::nullopt;
  }
  const std::size_t end = end_of(text, payload + 1, Letters::kUrl);
  if (end - payload < kLeastPart || is_placeholder(text.substr(begin, end - begin))) {
    return std::nullopt;
  }
  return Token{begin, end, "a JSON web token"};
}

/// Three letters, 8Q~ and some more than thirty.
std::optional<Token> read_azure_secret(std::string_view text, std::size_t marker, std::size_t marker_end) {
  const auto letter = [](char c) { return is_one_of(c, Letters::kDots) || c == '~'; };
  if (marker < 3 || !std::ranges::all_of(text.substr(marker - 3, 3), letter)) {
    return std::nullopt;
  }
  constexpr std::size_t kLeast = 31;
  constexpr std::size_t kMost = 34;
  std::size_t end = marker_end;
  while (end < text.size() && end - marker_end <= kMost && letter(text[end])) {
    ++end;
  }
  if (end - marker_end < kLeast || end - marker_end > kMost) {
    return std::nullopt;
  }
  return Token{marker - 3, end, "a client secret of Azure"};
}

std::optional<Token> read_terraform_cloud(std::string_view text, std::size_t marker, std::size_t marker_end) {
  constexpr std::size_t kIdentity = 14;
  constexpr std::size_t kLeast = 60;
  const std::size_t end = end_of(text, marker_end, Letters::kUrl);
  if (marker < kIdentity || !std::ranges::all_of(text.substr(marker - kIdentity, kIdentity), is_alphanumeric) ||
      end - marker_end < kLeast) {
    return std::nullopt;
  }
  return Token{marker - kIdentity, end, "a token of HCP Terraform"};
}

}  // namespace

std::vector<std::string_view> markers() {
  std::vector<std::string_view> all = {kPrivateKey, kUrl, kJsonWebToken, kAzureSecret, kTerraformCloud};
  for (const Format& format : kFormats) {
    all.push_back(format.prefix);
  }
  return all;
}

std::optional<Token> read_token(std::string_view text, std::size_t begin, std::size_t end) {
  const std::string_view marker = text.substr(begin, end - begin);
  if (marker == kPrivateKey) {
    return read_private_key(text, begin, end);
  }
  if (marker == kUrl) {
    return read_url(text, begin, end);
  }
  if (marker == kJsonWebToken) {
    return read_json_web_token(text, begin, end);
  }
  if (marker == kAzureSecret) {
    return read_azure_secret(text, begin, end);
  }
  if (marker == kTerraformCloud) {
    return read_terraform_cloud(text, begin, end);
  }
  return read_prefixed(text, begin, end);
}

bool has_valid_checksum(std::string_view body) {
  constexpr std::size_t kDigits = 6;
  if (body.size() < 30 + kDigits) {
    return false;
  }
  constexpr std::string_view kBase62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::uint32_t crc = 0xffffffffU;
  for (const char c : body.substr(0, body.size() - kDigits)) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc >> 1U) ^ (0xedb88320U & (0U - (crc & 1U)));
    }
  }
  std::uint64_t written = 0;
  for (const char c : body.substr(body.size() - kDigits)) {
    const std::size_t digit = kBase62.find(c);
    if (digit == std::string_view::npos) {
      return false;
    }
    written = written * kBase62.size() + digit;
  }
  return written == (crc ^ 0xffffffffU);
}

}  // namespace gabion::secrets
