#include "terraform/outlines.h"

#include <array>
#include <charconv>
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

/// One condition such as "~> 3.0". `known` becomes false for what is not understood.
std::optional<Newest> upper_bound(std::string_view condition, bool& known) {
  std::string_view operation = condition.substr(0, condition.find_first_not_of("<>=!~"));
  std::size_t given = 0;
  std::string_view number = trimmed(condition.substr(operation.size()));
  if (number.starts_with('v')) {
    number.remove_prefix(1);
  }
  const std::optional<Version> version = version_of(number, given);
  if (!version) {
    known = false;
    return std::nullopt;
  }
  if (operation.empty() || operation == "=" || operation == "<=") {
    return Newest{*version, true};
  }
  if (operation == "<") {
    return Newest{*version, false};
  }
  if (operation == "~>" && given > 1) {
    // The last number that is given may grow.
    Version next{};
    for (std::size_t i = 0; i + 1 < given; ++i) {
      next.at(i) = version->at(i);
    }
    ++next.at(given - 2);
    return Newest{next, false};
  }
  known = known && (operation == ">" || operation == ">=" || operation == "!=" || operation == "~>");
  return std::nullopt;
}

std::optional<Newest> newest(std::string_view constraint) {
  std::optional<Newest> lowest;
  bool known = true;
  while (!trimmed(constraint).empty()) {
    const std::size_t comma = constraint.find(',');
    const std::optional<Newest> bound = upper_bound(trimmed(constraint.substr(0, comma)), known);
    if (bound && (!lowest || is_lower(*bound, *lowest))) {
      lowest = bound;
    }
    constraint = comma == std::string_view::npos ? std::string_view{} : constraint.substr(comma + 1);
  }
  return known ? lowest : std::nullopt;
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

}  // namespace

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
  std::string_view path = source.substr(at + std::string_view("github.com").size());
  std::string_view tag;
  if (const std::size_t query = path.find('?'); query != std::string_view::npos) {
    if (path.substr(query + 1).starts_with("ref=")) {
      tag = path.substr(query + 5);
    }
    path = path.substr(0, query);
  }
  if (path.empty() || tag.empty()) {
    return {};
  }
  path.remove_prefix(1);
  const std::size_t below = path.find("//");
  std::string name = registry_name(path.substr(0, below));
  if (!name.empty() && below != std::string_view::npos) {
    name += path.substr(below);
  }
  return {std::move(name), std::string(tag)};
}

std::vector<const OutlineFile*> outline_of(const RegistryModule& module, std::span<const OutlineFile> files) {
  std::vector<const OutlineFile*> chosen;
  const std::optional<Newest> wanted = module.source.empty() ? std::nullopt : newest(module.version);
  for (const OutlineFile& file : files) {
    if (!wanted || file.source != module.source) {
      continue;
    }
    const Version from = version_of(file.from);
    const Version before = version_of(file.before);
    if (wanted->included ? from <= wanted->version && wanted->version < before
                         : from < wanted->version && wanted->version <= before) {
      chosen.push_back(&file);
    }
  }
  return chosen;
}

}  // namespace gabion::terraform
