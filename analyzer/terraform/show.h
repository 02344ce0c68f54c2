// What a configuration evaluates to, as JSON for programs (`gabion show`), and why values are not known. Called by the
// commands and by tests.
#pragma once

#include <array>
#include <cstdint>
#include <ostream>
#include <span>
#include <string_view>

#include "eval/value.h"
#include "model/model.h"
#include "secrets/redactor.h"
#include "source/artifact.h"

namespace gabion::terraform {

/// {"resources": [...], "outputs": {...}} of one configuration, one resource a line. Attributes that are not known as a
/// whole are left out of `values` and named in `unknown`.
void write_show_json(const model::Configuration& configuration, const source::ArtifactStore& artifacts,
                     std::ostream& out);
/// One of the configurations to show, and the name of the environment that it was evaluated in (empty: none).
struct Shown {
  const model::Configuration* configuration = nullptr;
  std::string_view environment;
};
/// The same of several root modules or environments: resources name theirs; outputs are joined, of equal names the
/// first stays.
/// With a redactor, secrets are left out.
void write_show_json(std::span<const Shown> configurations, const source::ArtifactStore& artifacts, std::ostream& out,
                     const secrets::Redactor* redactor = nullptr);

/// Number of unknown attribute values by reason; index with static_cast<std::size_t>(reason).
struct ReasonCounts {
  std::array<std::uint32_t, static_cast<std::size_t>(eval::Reason::kConfiguration) + 1> unknown{};
  std::uint32_t known = 0;  ///< attributes without anything unknown inside

  [[nodiscard]] std::uint32_t operator[](eval::Reason reason) const {
    return unknown[static_cast<std::size_t>(reason)];
  }
};

/// Counts the attributes of all resources and their nested blocks.
[[nodiscard]] ReasonCounts count_reasons(const model::Configuration& configuration);

}  // namespace gabion::terraform
