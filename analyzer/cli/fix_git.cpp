#include "cli/fix_git.h"

#include "cli/git.h"

namespace gabion::cli {
namespace {

constexpr std::string_view kHint = "commit or stash them, or give --allow-dirty";

}  // namespace

source::Expected<source::Unit> refuse_dirty_tree(const std::string& path, const source::FileSystem& files) {
  const std::string tree = work_tree_of(path, files);
  if (tree.empty()) {
    return source::Unit{};
  }
  const auto [status, output] = run_git({"-C", tree, "status", "--porcelain", "-z", "--untracked-files=normal"});
  if (status != 0) {
    return source::Error{.message = "there is a git work tree, but git cannot say whether it has uncommitted changes",
                         .path = tree,
                         .hint = "check that git works there, or give --allow-dirty"};
  }
  if (output.empty()) {
    return source::Unit{};
  }
  // "XY name" up to the first NUL.
  const std::string first = output.size() > 3 ? output.substr(3, output.find('\0') - 3) : std::string();
  return source::Error{.message = "the git work tree has uncommitted changes, for example in " + first,
                       .path = tree,
                       .hint = std::string(kHint)};
}

}  // namespace gabion::cli
