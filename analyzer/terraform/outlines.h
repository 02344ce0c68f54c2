// Outlines of well-known registry modules: what a module makes of those arguments that rules ask about, as Terraform of
// our own in outlines/, compiled into the program. Library takes one where a module is not downloaded.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gabion::terraform {

/// What names of artifacts that are outlines begin with; the source of the module and a name of a file follow.
inline constexpr std::string_view kOutlinePrefix = "outline:";

/// One file of outlines/: part of the outline of a module, for a range of its versions.
struct OutlineFile {
  std::string_view source;  ///< as a call writes it: "terraform-aws-modules/s3-bucket/aws"
  std::string_view from;    ///< first version
  std::string_view before;  ///< first version for which it does not hold any more
  std::string_view text;
};

/// All of them, by source; generated.
[[nodiscard]] std::span<const OutlineFile> outline_files();

/// Where a call finds its module, as far as the registry or the tag of a repository says it.
struct RegistryModule {
  std::string source;   ///< without the host of the public registries; empty when it is none of theirs
  std::string version;  ///< a constraint; empty when none is given
};

/// What a call's source and version name. Repositories of the registry's modules on GitHub count, by their tag; without
/// one, or with the name of a main branch, they are what any version is. Of a commit the given version is taken, which
/// may be what a comment says (version_beside); without one it is no version that is known.
[[nodiscard]] RegistryModule registry_module(std::string_view source, std::string_view version);

/// Whether a source pins a repository to a commit: "...?ref=" and the digits of its hash, seven at least.
[[nodiscard]] bool names_a_commit(std::string_view source);

/// The version that a comment gives a commit: "# v4.2.0" behind it, as tools that update such calls write it, or a
/// comment in the line above that names a commit or a hash. Three numbers, without a "v"; empty when there is none.
/// `begin` and `end` are where the attribute with the source stands in the text.
[[nodiscard]] std::string_view version_beside(std::string_view text, std::size_t begin, std::size_t end);

/// What a call is judged by.
struct Outline {
  std::vector<const OutlineFile*> files;  ///< empty when there is none
  std::string assumed;                    ///< which version, when the call does not say it: "< 6.0.0"
};

/// The files that outline the newest version that the constraint allows. When that is none that is known, as nothing
/// limits it from above, the version is assumed: the newest of those that have most of the call's arguments, since a
/// call that was written for an earlier version names what later ones do not have.
[[nodiscard]] Outline outline_of(const RegistryModule& module, std::span<const std::string_view> arguments,
                                 std::span<const OutlineFile> files);

/// Whether two names may be those of one variable in two versions of a module: cluster_enabled_log_types became
/// enabled_log_types. One has all the words of the other, in whatever order, and these are several.
[[nodiscard]] bool may_be_renamed(std::string_view name, std::string_view other);

}  // namespace gabion::terraform
