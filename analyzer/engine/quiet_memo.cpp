#include "engine/quiet_memo.h"

#include <optional>
#include <string_view>

#include "engine/policy_memo.h"

namespace gabion::engine {
namespace {

constexpr std::size_t kMaxText = std::size_t{1024} * 1024;
constexpr std::size_t kMaxBytes = std::size_t{32} * 1024 * 1024;

/// Everything that rules can see of a configuration, as text: what was written, and what became of it.
class Description {
 public:
  Description(const model::Configuration& configuration, const source::ArtifactStore& artifacts)
      : configuration_(configuration), artifacts_(artifacts), values_(reading_) {}

  /// Nothing when it gets too long.
  [[nodiscard]] std::optional<std::string> text() {
    for (const model::Module& module : configuration_.modules()) {
      add(module.address);
      add(below(module.directory));
      flag(module.role == source::Role::kProject);
      written(module.call);
      for (const model::ConfigurationBlock& block : module.blocks) {
        for (const std::string_view name : {block.kind, block.name, block.alias}) {
          add(name);
        }
        written(block.region);
        body(block.body);
      }
      for (const auto& [name, value] : module.outputs) {
        add(name);
        values_.add(value);
      }
      if (too_long()) {
        return std::nullopt;
      }
    }
    for (const model::Resource& resource : configuration_.resources()) {
      for (const std::string_view name : {resource.address, resource.type, resource.name, resource.provider}) {
        add(name);
      }
      flag(resource.mode == model::Mode::kData);
      flag(resource.certain);
      written(resource.region);
      values_.add(resource.key);
      body(resource.body);
      flag(resource.aws != nullptr);
      if (resource.aws != nullptr) {
        add(resource.aws->name);
        for (const eval::Value* value : {&resource.aws->partition, &resource.aws->region, &resource.aws->account}) {
          values_.add(*value);
        }
      }
      if (too_long()) {
        return std::nullopt;
      }
    }
    for (const model::PolicyFile& file : configuration_.policy_files()) {
      add(file.artifact->bytes());
      values_.add(file.document);
    }
    return too_long() ? std::nullopt : std::optional(text_ + values_.text());
  }

 private:
  [[nodiscard]] bool too_long() const { return text_.size() + values_.text().size() > kMaxText; }

  void flag(bool value) { text_ += value ? '+' : '-'; }
  void add(std::string_view text) {
    text_ += std::to_string(text.size());
    text_ += ':';
    text_ += text;
  }

  /// What is written at a region, and whether rules may point there.
  void written(source::Region region) {
    if (!region.valid()) {
      text_ += '-';
      return;
    }
    const source::Artifact& artifact = artifacts_.get(region.artifact);
    text_ += std::to_string(static_cast<int>(artifact.role()));
    add(artifact.text(region));
  }

  void body(const model::Body& body) {
    add(std::to_string(body.attributes.size()));
    for (const model::Attribute& attribute : body.attributes) {
      add(attribute.name);
      values_.add(attribute.value);
    }
    add(std::to_string(body.blocks.size()));
    for (const model::Block& block : body.blocks) {
      add(block.type);
      for (const std::string_view label : block.labels) {
        add(label);
      }
      flag(block.generated);
      flag(block.certain);
      flag(block.body != nullptr);
      if (block.body != nullptr) {
        this->body(*block.body);
      }
    }
  }

  /// A directory as the root module sees it.
  [[nodiscard]] std::string_view below(std::string_view directory) const {
    const std::string_view root = configuration_.directory();
    return directory.starts_with(root) ? directory.substr(root.size()) : directory;
  }

  const model::Configuration& configuration_;
  const source::ArtifactStore& artifacts_;
  const iam::ReadOptions reading_;
  PolicyQuestion values_;
  std::string text_;
};

}  // namespace

QuietJudgements* QuietMemo::of(const model::Configuration& configuration, const source::ArtifactStore& artifacts) {
  if (!configuration.files().empty() || bytes_ > kMaxBytes) {
    return nullptr;
  }
  std::optional<std::string> text = Description(configuration, artifacts).text();
  if (!text) {
    return nullptr;
  }
  const auto [place, is_new] = known_.try_emplace(std::move(*text));
  if (is_new) {
    bytes_ += place->first.size();
    place->second = std::make_unique<QuietJudgements>();
  }
  return place->second.get();
}

}  // namespace gabion::engine
