#include "engine/baseline.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

namespace gabion::engine {
namespace {

using nlohmann::json;

constexpr int kVersion = 1;

std::string text_of(const json& object, const char* key) {
  const auto member = object.find(key);
  return member == object.end() || !member->is_string() ? std::string() : member->get<std::string>();
}

/// Pairs equals: `keys_of` gives the keys under which a finding may be known.
template <class Keys>
void pair_up(std::span<const KnownFinding> known, std::span<const KnownFinding> present, const Keys& keys_of,
             std::vector<bool>& taken, std::vector<std::ptrdiff_t>& result) {
  std::multimap<std::string, std::size_t> by_key;
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (!taken[i]) {
      for (std::string& key : keys_of(known[i])) {
        by_key.emplace(std::move(key), i);
      }
    }
  }
  for (std::size_t i = 0; i < present.size(); ++i) {
    for (const std::string& key : keys_of(present[i])) {
      if (result[i] >= 0) {
        break;
      }
      const auto [begin, end] = by_key.equal_range(key);
      const auto free = std::find_if(begin, end, [&](const auto& entry) { return !taken[entry.second]; });
      if (free != end) {
        taken[free->second] = true;
        result[i] = static_cast<std::ptrdiff_t>(free->second);
      }
    }
  }
}

}  // namespace

std::vector<KnownFinding> known_findings(std::span<const findings::Finding> findings,
                                         const source::ArtifactStore& artifacts) {
  std::vector<KnownFinding> result;
  for (const findings::Finding& finding : findings) {
    result.push_back({finding.identities.empty() ? std::vector{finding.fingerprint} : finding.identities,
                      std::string(finding.rule->id), finding.resource, finding.message, finding.root,
                      finding.region.valid() ? std::string(artifacts.get(finding.region.artifact).path()) : ""});
  }
  return result;
}

std::string baseline_text(std::vector<KnownFinding> known) {
  std::sort(known.begin(), known.end(), [](const KnownFinding& a, const KnownFinding& b) {
    return std::tie(a.root, a.file, a.resource, a.rule, a.identities, a.message) <
           std::tie(b.root, b.file, b.resource, b.rule, b.identities, b.message);
  });
  std::string text = "{\"version\": " + std::to_string(kVersion) + ", \"tool\": \"gabion\", \"findings\": [";
  bool first = true;
  for (const KnownFinding& one : known) {
    nlohmann::ordered_json entry;
    entry["fingerprint"] = one.identities.front();
    if (one.identities.size() > 1) {
      entry["also"] = std::vector<std::string>(one.identities.begin() + 1, one.identities.end());
    }
    entry["rule"] = one.rule;
    entry["resource"] = one.resource;
    entry["message"] = one.message;
    entry["root"] = one.root;
    entry["file"] = one.file;
    text += first ? "\n" : ",\n";
    text += entry.dump(-1, ' ', false, json::error_handler_t::replace);
    first = false;
  }
  return text + (first ? "]}\n" : "\n]}\n");
}

source::Expected<std::vector<KnownFinding>> parse_baseline(std::string_view path, std::string_view text) {
  const source::Error broken{.message = "this is no baseline",
                             .path = std::string(path),
                             .hint = "gabion baseline writes one; the file may have been merged by hand"};
  const json document = json::parse(text, nullptr, false);
  if (!document.is_object()) {
    return broken;
  }
  const auto version = document.find("version");
  if (version == document.end() || !version->is_number_integer() || version->get<int>() != kVersion) {
    return source::Error{.message = "the baseline has another version than this program writes",
                         .path = std::string(path),
                         .hint = "write it anew with gabion baseline"};
  }
  const auto list = document.find("findings");
  if (list == document.end() || !list->is_array()) {
    return broken;
  }
  std::vector<KnownFinding> result;
  for (const json& entry : *list) {
    KnownFinding one;
    if (!entry.is_object() || text_of(entry, "fingerprint").empty()) {
      return broken;
    }
    one.identities.push_back(text_of(entry, "fingerprint"));
    if (const auto also = entry.find("also"); also != entry.end() && also->is_array()) {
      for (const json& other : *also) {
        if (other.is_string()) {
          one.identities.push_back(other.get<std::string>());
        }
      }
    }
    one.rule = text_of(entry, "rule");
    one.resource = text_of(entry, "resource");
    one.message = text_of(entry, "message");
    one.root = text_of(entry, "root");
    one.file = text_of(entry, "file");
    result.push_back(std::move(one));
  }
  return result;
}

std::vector<std::ptrdiff_t> match(std::span<const KnownFinding> known, std::span<const KnownFinding> present) {
  std::vector<std::ptrdiff_t> result(present.size(), -1);
  std::vector<bool> taken(known.size(), false);
  pair_up(
      known, present, [](const KnownFinding& one) { return one.identities; }, taken, result);
  pair_up(
      known, present,
      [](const KnownFinding& one) {
        return std::vector<std::string>{one.rule + '\n' + one.resource + '\n' + one.message};
      },
      taken, result);
  return result;
}

std::string baseline_path(const std::string& given, const Settings& settings) {
  if (!given.empty()) {
    return given;
  }
  const std::string directory = settings.path.empty() ? "." : source::directory_of(settings.path);
  return source::join_path(directory,
                           settings.baseline.empty() ? kBaselineFileName : std::string_view(settings.baseline));
}

source::Expected<std::vector<KnownFinding>> read_baseline(const std::string& path, const source::FileSystem& files) {
  const source::Limits limits;
  const auto text = files.read(path, limits.file_bytes);
  if (!text) {
    return source::Error{.message = "the baseline cannot be read: " + text.error().message,
                         .path = path,
                         .hint = "gabion baseline writes one"};
  }
  return parse_baseline(path, *text);
}

void suppress_known(const std::vector<KnownFinding>& known, std::vector<findings::Finding>& findings,
                    const source::ArtifactStore& artifacts) {
  // What is suppressed otherwise is not in a baseline.
  std::vector<findings::Finding*> open;
  std::vector<KnownFinding> present;
  for (findings::Finding& finding : findings) {
    if (!finding.suppression) {
      open.push_back(&finding);
      present.push_back(known_findings({&finding, 1}, artifacts).front());
    }
  }
  const std::vector<std::ptrdiff_t> matched = match(known, present);
  for (std::size_t i = 0; i < open.size(); ++i) {
    if (matched[i] >= 0) {
      open[i]->suppression =
          findings::Suppression{.kind = "baseline", .reason = "known already", .region = {}, .owner = {}, .until = {}};
    }
  }
}

}  // namespace gabion::engine
