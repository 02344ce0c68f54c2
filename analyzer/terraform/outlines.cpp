#include "terraform/outlines.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <optional>

namespace gabion::terraform {
namespace {

using Version = std::array<unsigned, 3>;

/// Up to three numbers; `given` says how many. Nothing for anything else, such as a pre-release.
std::optional<Version> version_of(std::string_view text, std::size_t& given) {
  Version version{};
  given = 0;
  while (given < version.size()) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version[given]);
    if (error != std::errc{}) {
      return std::nullopt;
    }
    ++given;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.empty()) {
      return version;
    }
    if (!text.starts_with('.')) {
      return std::nullopt;
    }
    text.remove_prefix(1);
  }
  return std::nullopt;
}

Version version_of(std::string_view text) {
  std::size_t given = 0;
  return version_of(text, given).value_or(Version{});
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  return first == std::string_view::npos ? std::string_view{}
                                         : text.substr(first, text.find_last_not_of(' ') + 1 - first);
}

/// The newest version that a constraint allows, or the first that it does not allow any more.
struct Newest {
  Version version{};
  bool included = false;
};

bool is_lower(const Newest& left, const Newest& right) {
  return left.version != right.version ? left.version < right.version : !left.included && right.included;
}

/// The versions that a constraint allows.
struct Range {
  Version oldest{};
  std::optional<Newest> newest;  ///< without it, whatever comes
};

/// What "~> 3.1" and its like keep a version below: the last number that is given may grow.
std::optional<Newest> end_of_series(const Version& version, std::size_t given) {
  if (given < 2) {
    return std::nullopt;
  }
  Version next{};
  std::copy_n(version.begin(), given - 1, next.begin());
  ++next.at(given - 2);
  return Newest{next, false};
}

/// One condition such as "~> 3.0"; nothing for what is not understood.
std::optional<Range> range_of(std::string_view condition) {
  const std::string_view operation = condition.substr(0, condition.find_first_not_of("<>=!~"));
  std::size_t given = 0;
  std::string_view number = trimmed(condition.substr(operation.size()));
  if (number.starts_with('v')) {
    number.remove_prefix(1);
  }
  const std::optional<Version> version = version_of(number, given);
  if (!version) {
    return std::nullopt;
  }
  if (operation.empty() || operation == "=") {
    return Range{*version, Newest{*version, true}};
  }
  if (operation == "<=" || operation == "<") {
    return Range{{}, Newest{*version, operation == "<="}};
  }
  if (operation == "~>") {
    return Range{*version, end_of_series(*version, given)};
  }
  if (operation == ">" || operation == ">=") {
    return Range{*version, std::nullopt};
  }
  return operation == "!=" ? std::optional(Range{}) : std::nullopt;
}

/// What all conditions of a constraint allow; nothing when one of them is not understood.
std::optional<Range> allowed(std::string_view constraint) {
  Range all;
  while (!trimmed(constraint).empty()) {
    const std::size_t comma = constraint.find(',');
    const std::optional<Range> one = range_of(trimmed(constraint.substr(0, comma)));
    if (!one) {
      return std::nullopt;
    }
    all.oldest = std::max(all.oldest, one->oldest);
    if (one->newest && (!all.newest || is_lower(*one->newest, *all.newest))) {
      all.newest = one->newest;
    }
    constraint = comma == std::string_view::npos ? std::string_view{} : constraint.substr(comma + 1);
  }
  return all;
}

std::vector<const OutlineFile*> files_of(std::string_view source, const Newest& wanted,
                                         std::span<const OutlineFile> files) {
  std::vector<const OutlineFile*> chosen;
  for (const OutlineFile& file : files) {
    if (file.source != source) {
      continue;
    }
    const Version from = version_of(file.from);
    const Version before = version_of(file.before);
    if (wanted.included ? from <= wanted.version && wanted.version < before
                        : from < wanted.version && wanted.version <= before) {
      chosen.push_back(&file);
    }
  }
  return chosen;
}

/// The ends of what is known of a module within a range, the last first.
std::vector<std::string_view> known_ends(std::string_view source, const Range& range,
                                         std::span<const OutlineFile> files) {
  std::vector<std::string_view> ends;
  for (const OutlineFile& file : files) {
    if (file.source != source) {
      continue;
    }
    const Version before = version_of(file.before);
    if (range.oldest < before && (!range.newest || before <= range.newest->version) &&
        std::find(ends.begin(), ends.end(), file.before) == ends.end()) {
      ends.push_back(file.before);
    }
  }
  std::ranges::sort(ends, std::greater(), [](std::string_view end) { return version_of(end); });
  return ends;
}

/// Outlines are written as `terraform fmt` has it.
bool declares(const std::vector<const OutlineFile*>& files, std::string_view variable) {
  const std::string header = "variable \"" + std::string(variable) + "\" {";
  return std::ranges::any_of(files,
                             [&](const OutlineFile* file) { return file->text.find(header) != std::string::npos; });
}

/// "owner/terraform-aws-name" of a repository on GitHub, as the registry calls that module; empty for anything else.
std::string registry_name(std::string_view repository) {
  const std::size_t slash = repository.find('/');
  constexpr std::string_view kPrefix = "terraform-";
  if (slash == std::string_view::npos || !repository.substr(slash + 1).starts_with(kPrefix)) {
    return {};
  }
  std::string_view named = repository.substr(slash + 1 + kPrefix.size());
  if (named.ends_with(".git")) {
    named.remove_suffix(4);
  }
  const std::size_t dash = named.find('-');
  if (dash == std::string_view::npos || named.find('/') != std::string_view::npos) {
    return {};
  }
  return std::string(repository.substr(0, slash + 1)) + std::string(named.substr(dash + 1)) + "/" +
         std::string(named.substr(0, dash));
}

/// The value of a parameter ("ref=") of what follows the question mark of a URL; empty when there is none.
std::string_view parameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    if (query.starts_with(name)) {
      return query.substr(name.size(), end == std::string_view::npos ? end : end - name.size());
    }
    query = end == std::string_view::npos ? std::string_view{} : query.substr(end + 1);
  }
  return {};
}

/// What a source asks a repository for; empty when it does not say.
std::string_view wanted_revision(std::string_view source) {
  const std::size_t query = source.find('?');
  return query == std::string_view::npos ? std::string_view{} : parameter(source.substr(query + 1), "ref=");
}

bool is_commit(std::string_view revision) {
  constexpr std::size_t kShortest = 7;
  constexpr std::size_t kWhole = 40;
  return revision.size() >= kShortest && revision.size() <= kWhole &&
         revision.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_digit(char letter) {
  return '0' <= letter && letter <= '9';
}

/// The first word of a text that is three numbers, with or without a "v" before them.
std::string_view version_in(std::string_view text) {
  constexpr std::string_view kBetween = " \t\r(),;:=@\"'";
  while (true) {
    const std::size_t begin = text.find_first_not_of(kBetween);
    if (begin == std::string_view::npos) {
      return {};
    }
    text.remove_prefix(begin);
    std::string_view word = text.substr(0, text.find_first_of(kBetween));
    text.remove_prefix(word.size());
    if (word.starts_with('v')) {
      word.remove_prefix(1);
    }
    std::size_t given = 0;
    if (!word.empty() && is_digit(word.front()) && version_of(word, given) && given == 3) {
      return word;
    }
  }
}

/// What a line says that is a comment and nothing else; empty for other lines.
std::string_view comment_of(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  for (const std::string_view sign : {"#", "//"}) {
    if (line.starts_with(sign)) {
      return line.substr(sign.size());
    }
  }
  return {};
}

bool speaks_of_a_commit(std::string_view comment) {
  std::string lower(comment);
  std::ranges::transform(lower, lower.begin(), [](char letter) {
    return 'A' <= letter && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return lower.find("commit") != std::string::npos || lower.find("hash") != std::string::npos;
}

std::vector<std::string_view> words_of(std::string_view name) {
  std::vector<std::string_view> words;
  while (!name.empty()) {
    const std::size_t end = std::min(name.find('_'), name.size());
    words.push_back(name.substr(0, end));
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  std::ranges::sort(words);
  return words;
}

}  // namespace

bool may_be_renamed(std::string_view name, std::string_view other) {
  const std::vector<std::string_view> a = words_of(name);
  const std::vector<std::string_view> b = words_of(other);
  return std::min(a.size(), b.size()) > 1 && (std::ranges::includes(a, b) || std::ranges::includes(b, a));
}

RegistryModule registry_module(std::string_view source, std::string_view version) {
  for (const std::string_view host : {"registry.terraform.io/", "registry.opentofu.org/"}) {
    if (source.starts_with(host)) {
      source.remove_prefix(host.size());
    }
  }
  const std::size_t at = source.find("github.com");
  if (at == std::string_view::npos) {
    return {std::string(source), std::string(version)};
  }
  // git::https://github.com/owner/repository.git//modules/x?ref=v1.2.3 and its shorter forms.
  std::string_view tag = wanted_revision(source);
  std::string_view path = source.substr(at + std::string_view("github.com").size());
  path = path.substr(0, path.find('?'));
  if (path.empty()) {
    return {};
  }
  if (tag == "main" || tag == "master" || tag == "HEAD") {
    tag = {};
  }
  if (is_commit(tag) && !version.empty()) {
    tag = version;
  }
  path.remove_prefix(1);
  const std::size_t below = path.find("//");
  std::string name = registry_name(path.substr(0, below));
  if (!name.empty() && below != std::string_view::npos) {
    name += path.substr(below);
  }
  return {std::move(name), std::string(tag)};
}

bool names_a_commit(std::string_view source) {
  return is_commit(wanted_revision(source));
}

std::string_view version_beside(std::string_view text, std::size_t begin, std::size_t end) {
  const std::string_view behind = text.substr(end);
  if (const std::string_view version = version_in(comment_of(behind.substr(0, behind.find('\n')))); !version.empty()) {
    return version;
  }
  std::string_view before = text.substr(0, begin);
  const std::size_t line = before.rfind('\n');
  if (line == std::string_view::npos) {
    return {};
  }
  before = before.substr(0, line);
  const std::string_view comment = comment_of(before.substr(before.rfind('\n') + 1));
  return speaks_of_a_commit(comment) ? version_in(comment) : std::string_view{};
}

Outline outline_of(const RegistryModule& module, std::span<const std::string_view> arguments,
                   std::span<const OutlineFile> files) {
  const std::optional<Range> range = module.source.empty() ? std::nullopt : allowed(module.version);
  if (!range) {
    return {};
  }
  if (range->newest) {
    if (auto chosen = files_of(module.source, *range->newest, files); !chosen.empty()) {
      return {std::move(chosen), {}};
    }
  }
  Outline best;
  std::ptrdiff_t most = -1;
  for (const std::string_view end : known_ends(module.source, *range, files)) {
    std::vector<const OutlineFile*> chosen = files_of(module.source, {version_of(end), false}, files);
    const auto known =
        std::ranges::count_if(arguments, [&](std::string_view argument) { return declares(chosen, argument); });
    if (known > most) {
      most = known;
      best = {std::move(chosen), "< " + std::string(end)};
    }
  }
  return best;
}

}  // namespace gabion::terraform
