#include "engine/quiet_memo.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "engine/policy_memo.h"

namespace gabion::engine {
namespace {

constexpr std::size_t kMaxText = std::size_t{1024} * 1024;
constexpr std::size_t kMaxBytes = std::size_t{32} * 1024 * 1024;

/// A text that tells what rules see of values and bodies.
class Text {
 public:
  void flag(bool value) { text_ += value ? '+' : '-'; }
  void add(std::string_view text) {
    text_ += std::to_string(text.size());
    text_ += ':';
    text_ += text;
  }
  void add(const eval::Value& value) { values_.add(value); }

  void body(const model::Body& body) {
    add(std::to_string(body.attributes.size()));
    for (const model::Attribute& attribute : body.attributes) {
      add(attribute.name());
      add(attribute.value);
    }
    add(std::to_string(body.blocks.size()));
    for (const model::Block& block : body.blocks) {
      nested(block);
    }
  }

  /// Only what is read.
  void body(const model::Body& body, const BlockReads& reads) {
    if (reads.everything) {
      this->body(body);
      return;
    }
    for (const model::Attribute& attribute : body.attributes) {
      if (reads.has(attribute.name())) {
        flag(true);
        add(attribute.name());
        add(attribute.value);
      }
    }
    for (const model::Block& block : body.blocks) {
      if (reads.has(block.type)) {
        flag(false);
        nested(block);
      }
    }
  }

  [[nodiscard]] std::size_t size() const { return text_.size() + values_.text().size(); }
  [[nodiscard]] std::string text() const { return text_ + std::string(values_.text()); }

 private:
  void nested(const model::Block& block) {
    add(block.type);
    for (const std::string_view label : block.labels) {
      add(label);
    }
    flag(block.generated);
    flag(block.certain);
    flag(block.body != nullptr);
    if (block.body != nullptr) {
      body(*block.body);
    }
  }

  const iam::ReadOptions reading_{};
  PolicyQuestion values_{reading_};
  std::string text_;
};

/// Everything that rules can see of a configuration, as text: what was written, and what became of it.
class Description {
 public:
  Description(const model::Configuration& configuration, const source::ArtifactStore& artifacts)
      : configuration_(configuration), artifacts_(artifacts) {}

  /// Nothing when it gets too long.
  [[nodiscard]] std::optional<std::string> text() {
    for (const model::Module& module : configuration_.modules()) {
      text_.add(module.address);
      text_.add(below(module.directory));
      text_.flag(module.role == source::Role::kProject);
      written(module.call);
      for (const model::ConfigurationBlock& block : module.blocks) {
        for (const std::string_view name : {block.kind, block.name, block.alias}) {
          text_.add(name);
        }
        written(block.region);
        text_.body(block.body);
      }
      for (const auto& [name, value] : module.outputs) {
        text_.add(name);
        text_.add(value);
      }
      if (too_long()) {
        return std::nullopt;
      }
    }
    for (const model::Resource& resource : configuration_.resources()) {
      for (const std::string_view name : {resource.address, resource.type, resource.name, resource.provider}) {
        text_.add(name);
      }
      text_.flag(resource.mode == model::Mode::kData);
      text_.flag(resource.certain);
      written(resource.region());
      text_.body(*resource.body);
      text_.flag(resource.aws != nullptr);
      if (resource.aws != nullptr) {
        text_.add(resource.aws->name);
        for (const eval::Value* value : {&resource.aws->partition, &resource.aws->region, &resource.aws->account}) {
          text_.add(*value);
        }
      }
      if (too_long()) {
        return std::nullopt;
      }
    }
    for (const model::PolicyFile& file : configuration_.policy_files()) {
      text_.add(file.artifact->bytes());
      text_.add(file.document);
    }
    return too_long() ? std::nullopt : std::optional(text_.text());
  }

 private:
  [[nodiscard]] bool too_long() const { return text_.size() > kMaxText; }

  /// What is written at a region, and whether rules may point there.
  void written(source::Region region) {
    if (!region.valid()) {
      text_.flag(false);
      return;
    }
    const source::Artifact& artifact = artifacts_.get(region.artifact);
    text_.add(std::to_string(static_cast<int>(artifact.role())));
    text_.add(artifact.text(region));
  }

  /// A directory as the root module sees it.
  [[nodiscard]] std::string_view below(std::string_view directory) const {
    const std::string_view root = configuration_.directory();
    return directory.starts_with(root) ? directory.substr(root.size()) : directory;
  }

  const model::Configuration& configuration_;
  const source::ArtifactStore& artifacts_;
  Text text_;
};

/// Is the block a variable, of which nothing is written elsewhere? Then its text says all.
bool is_as_written(const model::ConfigurationBlock& block) {
  return block.kind == "variable" && block.body.blocks.empty() &&
         std::ranges::all_of(block.body.attributes, [&](const model::Attribute& attribute) {
           return block.region.contains(attribute.region());
         });
}

}  // namespace

void BlockReads::add(const BlockReads& other) {
  everything = everything || other.everything;
  label = label || other.label;
  for (const std::string_view name : other.names) {
    add(name);
  }
}

void BlockReads::add(std::string_view name) {
  if (!has(name)) {
    names.push_back(name);
  }
}

bool BlockReads::has(std::string_view name) const {
  return everything || std::ranges::find(names, name) != names.end();
}

QuietJudgements* QuietMemo::of(const model::Configuration& configuration, const source::ArtifactStore& artifacts) {
  if (!configuration.files().empty() || bytes_ > kMaxBytes ||
      (expected_ != nullptr && !expected_->contains(std::string(configuration.directory())))) {
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

void QuietMemo::make_room() {
  variables_.clear();  // they hang on the texts of the run
  if (bytes_ > kMaxBytes / 2) {
    known_.clear();
    blocks_.clear();
    bytes_ = 0;
  }
}

std::vector<bool>* QuietMemo::of(const model::ConfigurationBlock& block, const BlockReads& reads,
                                 const source::ArtifactStore& artifacts, std::size_t rules) {
  if (is_as_written(block)) {
    return &variables_.try_emplace(artifacts.text(block.region), rules, false).first->second;
  }
  if (bytes_ > kMaxBytes) {
    return nullptr;
  }
  Text text;
  text.add(block.kind);
  if (reads.everything || reads.label) {
    text.add(block.name);
  }
  text.body(block.body, reads);
  const auto [place, is_new] = blocks_.try_emplace(text.text(), rules, false);
  if (is_new) {
    bytes_ += place->first.size();
  }
  return &place->second;
}

}  // namespace gabion::engine
