// Secrets that somebody wrote into a file: the literals of a configuration, of variables files, of backend files and of
// JSON, each with the name under which it stands. Works on the syntax alone, so that every place is found once,
// whatever is made of it. Used by Workspace::files().
#pragma once

#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "model/model.h"
#include "secrets/detector.h"
#include "source/arena.h"
#include "source/artifact.h"
#include "syntax/hcl/ast.h"
#include "syntax/json/ast.h"

namespace gabion::terraform {

/// What the files of a project hold that must not be printed.
struct WrittenValues {
  std::vector<model::WrittenSecret> secrets;  ///< of the file that was read last, in order of their places
  std::vector<std::string_view> hidden;       ///< values of sensitive variables, which are secret by declaration
};

/// Names of the variables that are declared sensitive in a body of top-level blocks.
void add_sensitive_variables(const syntax::hcl::Body& body, std::set<std::string_view>& names);

/// Reads a file in HCL: a configuration (blocks at the top) or attributes. `hints` are those of the detector for the
/// file. Texts are kept in the arena.
[[nodiscard]] WrittenValues written_secrets(const syntax::hcl::Body& body, const source::Artifact& artifact,
                                            const std::set<std::string_view>& sensitive,
                                            const secrets::Detector& detector,
                                            std::span<const secrets::Detector::Part> hints, source::Arena& arena);
/// Reads a file in JSON; `variables`: it is one that gives values to variables.
[[nodiscard]] WrittenValues written_secrets(const syntax::json::Value& root, const source::Artifact& artifact,
                                            bool variables, const std::set<std::string_view>& sensitive,
                                            const secrets::Detector& detector,
                                            std::span<const secrets::Detector::Part> hints, source::Arena& arena);
/// Reads a text that is no configuration: a script, a template.
[[nodiscard]] WrittenValues written_secrets(const source::Artifact& text, const secrets::Detector& detector,
                                            source::Arena& arena);

}  // namespace gabion::terraform
