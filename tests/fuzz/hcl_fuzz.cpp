// fuzz: syntax
// Any bytes, read as a file, an expression and a template: no crash, regions inside of the text, and a file that parses
// prints back to itself, and so does the copy of its tree for another file.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "source/arena.h"
#include "source/artifact.h"
#include "syntax/hcl/copy.h"
#include "syntax/hcl/parser.h"
#include "syntax/hcl/print.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gabion;
  const source::Artifact artifact(source::ArtifactId{0}, "fuzz.tf", std::string(data, data + size),
                                  source::Role::kProject);
  const source::Limits limits;
  const auto check = [&](const findings::Diagnostics& diagnostics) {
    for (const findings::Diagnostic& diagnostic : diagnostics) {
      if (!artifact.whole().contains(diagnostic.region) || diagnostic.region.begin > diagnostic.region.end ||
          diagnostic.message.empty()) {
        std::abort();
      }
    }
  };
  {
    source::Arena arena;
    const auto file = syntax::hcl::parse_file(artifact, arena, limits);
    check(file.diagnostics);
    const std::string printed = syntax::hcl::print_source(*file.body, artifact);
    if (file.ok() && printed != artifact.bytes()) {
      std::abort();
    }
    const std::string tree = syntax::hcl::print_tree(*file.body);
    if (tree.empty()) {
      std::abort();
    }
    const source::Artifact twin(source::ArtifactId{2}, "twin.tf", std::string(artifact.bytes()),
                                source::Role::kProject);
    source::Arena of_twin;
    const syntax::hcl::Body* copy = syntax::hcl::copy_tree(*file.body, artifact, twin, of_twin);
    if (syntax::hcl::print_source(*copy, twin) != printed || syntax::hcl::print_tree(*copy) != tree) {
      std::abort();
    }
  }
  source::Arena arena;
  const auto expression = syntax::hcl::parse_expression(artifact, artifact.whole(), arena, limits);
  check(expression.diagnostics);
  const auto text = syntax::hcl::parse_template(artifact, artifact.whole(), arena, limits);
  check(text.diagnostics);
  if (syntax::hcl::print_tree(*expression.expression).empty() || syntax::hcl::print_tree(*text.expression).empty()) {
    std::abort();
  }
  return 0;
}
