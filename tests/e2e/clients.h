// The clients from npm that cmake/setup-clients.sh installs beside a build, or that GABION_CLIENTS names. Tests that
// need one are skipped, with a reason, where it is not there.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

namespace gabion::e2e {

inline constexpr std::string_view kNoClients =
    "the clients from npm are not installed (cmake/setup-clients.sh does it; GABION_CLIENTS names another directory)";

/// The node_modules directory of the clients. It need not exist.
inline std::filesystem::path client_modules() {
  const char* const given = std::getenv("GABION_CLIENTS");
  return std::filesystem::path(given != nullptr ? given : GABION_CLIENTS_DIR) / "node_modules";
}

/// Path of a client's program; empty when it is not installed.
inline std::string client_program(std::string_view name) {
  const std::filesystem::path path = client_modules() / ".bin" / name;
  return std::filesystem::exists(path) ? path.string() : std::string();
}

/// Whether a package is installed.
inline bool has_client_module(std::string_view name) {
  return std::filesystem::exists(client_modules() / name);
}

/// A script of tests/e2e/clients.
inline std::string client_script(std::string_view name) {
  return (std::filesystem::path(GABION_SOURCE_DIR) / "tests" / "e2e" / "clients" / name).string();
}

}  // namespace gabion::e2e
