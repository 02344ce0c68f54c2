#include "engine/fix_model.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "engine/loop_names.h"

namespace gabion::engine {
namespace {

constexpr int kMaxDepth = 64;

/// Without marks: that a value is sensitive hides it, and changes nothing of what is configured.
std::string text_of(const eval::Value& value, LoopNames& loops) {
  if (value.node().marks_inside == 0) {
    return loops.named(eval::identity_text(value));
  }
  source::Arena arena(std::size_t{4} * 1024);
  return loops.named(eval::identity_text(eval::without_marks(arena, value)));
}

void add_body(const model::Body& body, const std::string& prefix, std::map<std::string, std::string>& values,
              LoopNames& loops, int depth) {
  for (const model::Attribute& attribute : body.attributes) {
    values.emplace(prefix + std::string(attribute.name()), text_of(attribute.value, loops));
  }
  std::map<std::string_view, std::size_t> counts;
  for (const model::Block& block : body.blocks) {
    const std::string path = prefix + std::string(block.type) + "[" + std::to_string(counts[block.type]++) + "]";
    values.emplace(path, block.certain ? "block" : "block that may not exist");
    if (block.body != nullptr && depth < kMaxDepth) {
      add_body(*block.body, path + ".", values, loops, depth + 1);
    }
  }
}

std::string without_indexes(std::string_view path) {
  std::string result;
  bool inside = false;
  for (const char c : path) {
    inside = inside || c == '[';
    if (!inside) {
      result += c;
    }
    inside = inside && c != ']';
  }
  return result;
}

bool below(std::string_view path, std::string_view above) {
  return path == above || (path.starts_with(above) && path.size() > above.size() && path[above.size()] == '.');
}

std::string shortened(const std::string& text) {
  constexpr std::size_t kLength = 100;
  if (text.size() <= kLength) {
    return text;
  }
  std::size_t end = kLength;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
    --end;
  }
  return text.substr(0, end) + "...";
}

}  // namespace

void ModelPicture::add(const model::Configuration& configuration, std::string_view environment,
                       const source::ArtifactStore& artifacts) {
  LoopNames loops(artifacts);
  auto& entries = configurations_[std::string(configuration.directory()) + '\0' + std::string(environment)];
  for (const model::Resource& resource : configuration.resources()) {
    Entry entry;
    entry.type = (resource.mode == model::Mode::kData ? "data." : "") + std::string(resource.type);
    add_body(*resource.body, "", entry.values, loops, 0);
    entry.values.emplace("provider", resource.provider);
    if (!resource.certain) {
      entry.values.emplace("number of instances", "not known");
    }
    entries.emplace(std::string(resource.address), std::move(entry));
  }
  for (const model::Module& module : configuration.modules()) {
    for (const model::ConfigurationBlock& block : module.blocks) {
      // Arguments of calls and defaults of variables only pass values on.
      if (block.kind != "provider" && block.kind != "backend" && block.kind != "terraform") {
        continue;
      }
      Entry entry;
      entry.type = block.kind;
      add_body(block.body, "", entry.values, loops, 0);
      entries.emplace(std::string(module.address) + (module.address.empty() ? "" : ".") + std::string(block.kind) +
                          (block.name.empty() ? "" : "." + std::string(block.name)) +
                          (block.alias.empty() ? "" : "." + std::string(block.alias)),
                      std::move(entry));
    }
  }
}

std::vector<ModelDifference> ModelPicture::difference(const ModelPicture& after) const {
  std::vector<ModelDifference> result;
  static const std::map<std::string, Entry> kNone;
  std::set<std::string> names;
  for (const auto& [name, entries] : configurations_) {
    names.insert(name);
  }
  for (const auto& [name, entries] : after.configurations_) {
    names.insert(name);
  }
  for (const std::string& name : names) {
    const auto old_entries = configurations_.find(name);
    const auto new_entries = after.configurations_.find(name);
    const auto& olds = old_entries == configurations_.end() ? kNone : old_entries->second;
    const auto& news = new_entries == after.configurations_.end() ? kNone : new_entries->second;
    for (const auto& [address, entry] : olds) {
      const auto other = news.find(address);
      if (other == news.end()) {
        result.push_back({address, entry.type, "", "there", ""});
        continue;
      }
      for (const auto& [path, text] : entry.values) {
        const auto value = other->second.values.find(path);
        if (value == other->second.values.end()) {
          result.push_back({address, entry.type, path, text, ""});
        } else if (value->second != text) {
          result.push_back({address, entry.type, path, text, value->second});
        }
      }
      for (const auto& [path, text] : other->second.values) {
        if (!entry.values.contains(path)) {
          result.push_back({address, entry.type, path, "", text});
        }
      }
    }
    for (const auto& [address, entry] : news) {
      if (!olds.contains(address)) {
        result.push_back({address, entry.type, "", "", "there"});
      }
    }
  }
  const auto key = [](const ModelDifference& d) { return std::tie(d.address, d.path, d.before, d.after); };
  std::sort(result.begin(), result.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
  result.erase(
      std::unique(result.begin(), result.end(), [&](const auto& a, const auto& b) { return key(a) == key(b); }),
      result.end());
  return result;
}

bool declared(const ModelDifference& difference, const FixProposal& proposal) {
  if (difference.type == "data.aws_iam_policy_document" && !proposal.policies.empty()) {
    return true;  // it is nothing by itself; what it is used for is compared where it is used
  }
  const std::string path = without_indexes(difference.path);
  const bool marked = difference.after == "sensitive " + difference.before;
  return std::any_of(proposal.changes.begin(), proposal.changes.end(), [&](const FixChange& change) {
    if (marked && change.type == "variable" && change.path == "sensitive") {
      return true;  // that is what the mark is for
    }
    if (change.type == "backend" && difference.type == "terraform") {
      return below(path, "backend");  // the same block, seen from the one around it
    }
    if (change.within) {
      const bool inside = change.within->empty() ? !difference.address.starts_with("module.")
                                                 : difference.address.starts_with(*change.within + ".");
      return inside && (change.type == difference.type || difference.type.starts_with("data.")) &&
             difference.path.empty() && difference.before.empty();
    }
    if (change.type != difference.type || (!change.address.empty() && change.address != difference.address)) {
      return false;
    }
    if (change.added) {
      return difference.path.empty() && difference.before.empty();
    }
    // A block that had to be added for an attribute inside is part of the change.
    return !path.empty() && (below(path, change.path) || (below(change.path, path) && difference.before.empty()));
  });
}

std::string describe(const ModelDifference& difference) {
  if (difference.path.empty()) {
    return difference.address + (difference.before.empty() ? " is new" : " is gone");
  }
  const std::string name = difference.address + ": " + difference.path;
  if (difference.before.starts_with("sensitive ") || difference.after.starts_with("sensitive ")) {
    return name + " is sensitive and changes";
  }
  if (difference.before.empty()) {
    return name + " is new: " + shortened(difference.after);
  }
  if (difference.after.empty()) {
    return name + " is gone, was " + shortened(difference.before);
  }
  return name + ": " + shortened(difference.before) + " -> " + shortened(difference.after);
}

}  // namespace gabion::engine
