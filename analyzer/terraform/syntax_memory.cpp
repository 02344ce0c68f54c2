#include "terraform/syntax_memory.h"

#include <string_view>
#include <utility>

#include "syntax/hcl/recovery.h"
#include "syntax/json/parser.h"
#include "terraform/json_configuration.h"

namespace gabion::terraform {

bool is_encrypted(std::string_view bytes) {
  using namespace std::string_view_literals;
  return bytes.starts_with("\0GITCRYPT\0"sv);
}

ParsedFile parse_file(const source::Artifact& artifact, FileForm form, source::Arena& arena,
                      const source::Limits& limits, std::deque<source::Artifact>& texts) {
  ParsedFile result;
  if (is_encrypted(artifact.bytes())) {
    constexpr std::uint32_t kHeader = 10;
    result.body = arena.make<syntax::hcl::Body>(
        syntax::hcl::Body{.attributes = {}, .blocks = {}, .region = artifact.whole(), .complete = false});
    result.diagnostics.push_back({findings::DiagnosticSeverity::kError,
                                  "encrypted-file",
                                  "the file is encrypted by git-crypt; what it says is not known",
                                  "unlock the repository with git-crypt, or exclude the file",
                                  {artifact.id(), 0, kHeader},
                                  {}});
    return result;
  }
  if (form == FileForm::kHcl) {
    syntax::hcl::ParsedBody parsed = syntax::hcl::parse_tolerantly(artifact, arena, limits);
    result.body = parsed.body;
    result.diagnostics = std::move(parsed.diagnostics);
    return result;
  }
  auto parsed = syntax::json::parse(artifact.bytes(), artifact.whole(), arena, limits);
  result.diagnostics = std::move(parsed.diagnostics);
  if (parsed.value != nullptr) {
    const JsonConversion conversion{artifact, arena, limits, texts, result.diagnostics};
    result.body = form == FileForm::kJsonConfiguration ? convert_configuration(*parsed.value, conversion)
                                                       : convert_variables(*parsed.value, conversion);
  }
  return result;
}

const ParsedFile& SyntaxMemory::parse(const source::Artifact& artifact, FileForm form, const source::Limits& limits) {
  std::unique_ptr<Entry>& entry = files_[{&artifact, form}];
  if (entry == nullptr) {
    entry = std::make_unique<Entry>();
    entry->file = parse_file(artifact, form, entry->arena, limits, entry->texts);
    ++parsed_;
  }
  return entry->file;
}

void SyntaxMemory::collect(const source::ArtifactStore& artifacts) {
  std::erase_if(files_, [&](const auto& entry) {
    const source::Artifact* artifact = entry.first.artifact;
    return artifacts.find(artifact->path()) != artifact;
  });
}

}  // namespace gabion::terraform
