// Structs as bytes and back by one list of their fields: `fields(archive, item)` names each field once, and both
// directions follow it, and `last(value)` is the greatest value of its enumeration. Used by root_record.cpp, where both
// are.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <ranges>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "cache/codec.h"
#include "engine/covered_places.h"
#include "engine/rule_set.h"
#include "findings/finding.h"
#include "findings/packed.h"
#include "source/artifact.h"
#include "source/boxed.h"

namespace gabion::engine {

template <class T, template <class...> class Template>
inline constexpr bool kIsA = false;
template <template <class...> class Template, class... Arguments>
inline constexpr bool kIsA<Template<Arguments...>, Template> = true;

/// Writes. Regions are kept with the numbers of their artifacts' paths, rules by their ids.
class RecordWriter {
 public:
  /// Without artifacts nothing that is written has a region.
  explicit RecordWriter(const source::ArtifactStore* artifacts = nullptr) : artifacts_(artifacts) {}

  template <class... Items>
  void operator()(const Items&... items) {
    (put(items), ...);
  }

  /// The bytes so far, and the paths of artifacts in the order of their numbers, from 1 on.
  [[nodiscard]] std::string take() { return to_.take(); }
  [[nodiscard]] const std::vector<std::string_view>& paths() const { return paths_; }

 private:
  template <class T>
  void put(const T& item) {
    if constexpr (std::convertible_to<const T&, std::string_view>) {
      to_.text(item);
    } else if constexpr (std::is_same_v<T, bool>) {
      to_.number(item ? 1 : 0);
    } else if constexpr (std::integral<T> || std::is_enum_v<T>) {
      to_.number(static_cast<std::uint64_t>(item));
    } else if constexpr (std::is_same_v<T, source::Region>) {
      region(item);
    } else if constexpr (std::is_same_v<T, const findings::RuleDescription*>) {
      to_.text(item == nullptr ? std::string_view() : item->id);
    } else if constexpr (kIsA<T, std::optional> || kIsA<T, source::Boxed>) {
      put(item.has_value());
      if (item) {
        put(*item);
      }
    } else if constexpr (std::is_same_v<T, findings::PackedPart>) {
      to_.number(item.size());
      findings::Finding finding;
      for (std::size_t i = 0; i < item.size(); ++i) {
        item.read(i, finding);
        put(finding);
      }
    } else if constexpr (std::is_same_v<T, CoveredPlaces>) {
      to_.number(item.size());
      item.each([&](const CoveredPlace& one) { put(one); });
    } else if constexpr (kIsA<T, std::pair>) {
      put(item.first);
      put(item.second);
    } else if constexpr (std::ranges::sized_range<T>) {
      to_.number(std::ranges::size(item));
      for (const auto& one : item) {
        put(one);
      }
    } else {
      fields(*this, item);
    }
  }

  void region(const source::Region& region) {
    if (!region.valid()) {
      to_.number(0);
      return;
    }
    const auto [known, is_new] = numbers_.try_emplace(region.artifact, paths_.size() + 1);
    if (is_new) {
      paths_.push_back(artifacts_->get(region.artifact).path());
    }
    to_.number(known->second);
    to_.number(region.begin);
    to_.number(region.end - region.begin);
  }

  const source::ArtifactStore* artifacts_;
  std::vector<std::string_view> paths_;
  std::unordered_map<source::ArtifactId, std::size_t> numbers_;
  cache::Writer to_;
};

/// The way back. Takes any bytes: whatever does not fit makes the reader fail.
class RecordReader {
 public:
  /// What numbers and ids stand for.
  struct Meaning {
    std::vector<const source::Artifact*> artifacts;  ///< by number, from 1 on; null: not there
    std::unordered_map<std::string_view, const findings::RuleDescription*> rules;
    findings::PackedFindings* findings = nullptr;  ///< where they are added
    std::deque<std::string>* names = nullptr;      ///< where texts are kept that are only looked at
  };

  explicit RecordReader(std::string_view bytes) : from_(bytes) {}

  template <class... Items>
  void operator()(Items&... items) {
    (get(items), ...);
  }

  [[nodiscard]] Meaning& meaning() { return meaning_; }
  /// Everything was there, and nothing is left.
  [[nodiscard]] bool ended() const { return from_.ended(); }

 private:
  template <class T>
  void get(T& item) {
    if constexpr (std::is_same_v<T, std::string>) {
      item = from_.text();
    } else if constexpr (std::is_same_v<T, std::string_view>) {
      item = meaning_.names->emplace_back(from_.text());
    } else if constexpr (std::is_same_v<T, bool>) {
      item = at_most(1) == 1;
    } else if constexpr (std::is_enum_v<T>) {
      item = static_cast<T>(at_most(static_cast<std::uint64_t>(last(item))));
    } else if constexpr (std::integral<T>) {
      item = static_cast<T>(at_most(0xffffffffU));
    } else if constexpr (std::is_same_v<T, source::Region>) {
      item = region();
    } else if constexpr (std::is_same_v<T, const findings::RuleDescription*>) {
      item = rule();
    } else if constexpr (kIsA<T, std::optional> || kIsA<T, source::Boxed>) {
      if (at_most(1) == 1) {
        get(item.emplace());
      }
    } else if constexpr (std::is_same_v<T, findings::PackedPart>) {
      item = {meaning_.findings, meaning_.findings->size(), 0};
      each<findings::Finding>([&](const findings::Finding& one) { item.list->add(one); });
      item.end = item.list->size();
    } else if constexpr (std::is_same_v<T, CoveredPlaces>) {
      each<CoveredPlace>([&](const CoveredPlace& one) { item.add(one.region, one.state, one.what, one.why); });
      item.close();
    } else if constexpr (kIsA<T, std::pair>) {
      get(item.first);
      get(item.second);
    } else if constexpr (kIsA<T, std::vector>) {
      each<typename T::value_type>([&](auto one) { item.push_back(std::move(one)); });
    } else if constexpr (kIsA<T, std::set>) {
      each<typename T::value_type>([&](auto one) { item.insert(item.end(), std::move(one)); });
    } else if constexpr (kIsA<T, std::map>) {
      each<std::pair<typename T::key_type, typename T::mapped_type>>(
          [&](auto one) { item.insert(item.end(), std::move(one)); });
    } else {
      fields(*this, item);
    }
  }

  template <class Item, class Add>
  void each(const Add& add) {
    for (std::size_t left = from_.count(1); left > 0 && !from_.failed(); --left) {
      Item item;
      get(item);
      add(std::move(item));
    }
  }

  std::uint64_t at_most(std::uint64_t most) {
    const std::uint64_t value = from_.number();
    if (value > most) {
      from_.fail();
      return 0;
    }
    return value;
  }

  source::Region region() {
    const std::uint64_t number = at_most(meaning_.artifacts.size());
    if (number == 0) {
      return {};
    }
    const source::Artifact* artifact = meaning_.artifacts[number - 1];
    if (artifact == nullptr) {
      from_.fail();
      return {};
    }
    const std::uint64_t size = artifact->bytes().size();
    const std::uint64_t begin = at_most(size);
    const std::uint64_t end = begin + at_most(size - begin);
    return {artifact->id(), static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }

  const findings::RuleDescription* rule() {
    const auto found = meaning_.rules.find(from_.text());
    if (found == meaning_.rules.end()) {
      from_.fail();
      return nullptr;
    }
    return found->second;
  }

  cache::Reader from_;
  Meaning meaning_;
};

}  // namespace gabion::engine
