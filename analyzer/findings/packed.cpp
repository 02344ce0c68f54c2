#include "findings/packed.h"

#include <algorithm>
#include <array>
#include <concepts>
#include <map>
#include <numeric>
#include <optional>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>

#include "findings/fields.h"
#include "source/hash.h"

namespace gabion::findings {
namespace {

/// A block is closed when it has so many bytes: what begins in it can be told by sixteen bits.
constexpr std::size_t kBlockBytes = std::size_t{63} * 1024;
constexpr std::size_t kRecentTexts = 1024;
constexpr std::size_t kShortestShared = 3;
constexpr std::size_t kHexDigits = 32;
constexpr std::string_view kDigits = "0123456789abcdef";

constexpr unsigned kNoDigit = 16;
unsigned digit_of(char c) {
  if (c >= '0' && c <= '9') {
    return static_cast<unsigned>(c - '0');
  }
  return c >= 'a' && c <= 'f' ? static_cast<unsigned>(c - 'a') + 10 : kNoDigit;
}

enum class FingerprintForm : std::uint8_t { kText, kNumber, kRoom };
using FingerprintBytes = std::array<char, kHexDigits / 2>;

/// What a fingerprint takes where it is a number.
std::optional<FingerprintBytes> number_of(std::string_view fingerprint) {
  FingerprintBytes bytes{};
  unsigned digits = 0;  // all of them or'ed, where one that is none has more bits than four
  for (std::size_t i = 0; fingerprint.size() == kHexDigits && i < kHexDigits; i += 2) {
    const unsigned high = digit_of(fingerprint[i]);
    const unsigned low = digit_of(fingerprint[i + 1]);
    digits |= high | low;
    bytes[i / 2] = static_cast<char>(static_cast<unsigned char>(16 * high + low));
  }
  return fingerprint.size() == kHexDigits && digits < kNoDigit ? std::optional(bytes) : std::nullopt;
}

template <class T, template <class...> class Template>
inline constexpr bool kIsA = false;
template <template <class...> class Template, class... Arguments>
inline constexpr bool kIsA<Template<Arguments...>, Template> = true;

/// Adds to a block. A text that is there already is named by its place.
class Packer {
 public:
  Packer(std::string& block, std::vector<std::uint32_t>& recent) : block_(block), recent_(recent) {}

  template <class... Items>
  void operator()(const Items&... items) {
    (put(items), ...);
  }

  /// Thirty-two hexadecimal digits, mostly, or room for them.
  void fingerprint(std::string_view text) {
    if (text.empty()) {
      put(FingerprintForm::kRoom);
      block_.append(kHexDigits / 2, '\0');
      return;
    }
    if (const auto bytes = number_of(text)) {
      put(FingerprintForm::kNumber);
      block_.append(bytes->data(), bytes->size());
    } else {
      put(FingerprintForm::kText);
      put(text);
    }
  }

 private:
  void number(std::uint64_t value) {
    constexpr std::uint64_t kMore = 0x80;
    while (value >= kMore) {
      block_ += static_cast<char>(static_cast<unsigned char>((value & (kMore - 1)) | kMore));
      value >>= 7U;
    }
    block_ += static_cast<char>(static_cast<unsigned char>(value));
  }

  void text(std::string_view value) {
    if (value.size() < kShortestShared) {
      number(2 * value.size());
      block_ += value;
      return;
    }
    std::uint32_t& known = recent_[source::hash_of(value) % kRecentTexts];
    if (known != 0 && std::string_view(block_).substr(known - 1).starts_with(value)) {
      number(2 * (std::uint64_t{known} - 1) + 1);
      number(value.size());
      return;
    }
    number(2 * value.size());
    known = static_cast<std::uint32_t>(block_.size() + 1);
    block_ += value;
  }

  template <class T>
  void put(const T& item) {
    if constexpr (std::convertible_to<const T&, std::string_view>) {
      text(item);
    } else if constexpr (std::is_same_v<T, std::uint32_t>) {
      number(item + 1);  // the greatest, which is no number of anything, is the shortest
    } else if constexpr (std::integral<T> || std::is_enum_v<T>) {
      number(static_cast<std::uint64_t>(item));
    } else if constexpr (std::is_same_v<T, source::Region>) {
      number(item.valid() ? static_cast<std::uint64_t>(item.artifact) + 1 : 0);
      number(item.begin);
      number(item.end - item.begin);
    } else if constexpr (kIsA<T, std::optional> || kIsA<T, source::Boxed>) {
      put(item.has_value());
      if (item) {
        put(*item);
      }
    } else if constexpr (kIsA<T, std::pair>) {
      put(item.first);
      put(item.second);
    } else if constexpr (std::ranges::sized_range<T>) {
      number(std::ranges::size(item));
      for (const auto& one : item) {
        put(one);
      }
    } else {
      fields(*this, item);
    }
  }

  std::string& block_;
  std::vector<std::uint32_t>& recent_;
};

/// Reads what a packer wrote at a place of a block.
class Unpacker {
 public:
  Unpacker(std::string_view block, std::size_t at) : block_(block), at_(at) {}

  template <class... Items>
  void operator()(Items&... items) {
    (get(items), ...);
  }

  [[nodiscard]] std::string_view text() {
    const std::uint64_t first = number();
    const auto half = static_cast<std::size_t>(first / 2);
    if (first % 2 != 0) {
      return block_.substr(half, static_cast<std::size_t>(number()));
    }
    at_ += half;
    return block_.substr(at_ - half, half);
  }

  void fingerprint(std::string& to) {
    const auto form = static_cast<FingerprintForm>(number());
    if (form == FingerprintForm::kText) {
      to = text();
      return;
    }
    to.clear();
    for (const char byte : block_.substr(at_, form == FingerprintForm::kRoom ? 0 : kHexDigits / 2)) {
      to += kDigits[static_cast<unsigned char>(byte) / 16];
      to += kDigits[static_cast<unsigned char>(byte) % 16];
    }
    at_ += kHexDigits / 2;
  }

  [[nodiscard]] std::size_t at() const { return at_; }

 private:
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7U) {
      const auto byte = static_cast<unsigned char>(block_[at_++]);
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if ((byte & 0x80U) == 0) {
        return value;
      }
    }
  }

  template <class T>
  void get(T& item) {
    if constexpr (std::is_same_v<T, std::string>) {
      item = text();
    } else if constexpr (std::is_same_v<T, std::uint32_t>) {
      item = static_cast<std::uint32_t>(number()) - 1;
    } else if constexpr (std::integral<T> || std::is_enum_v<T>) {
      item = static_cast<T>(number());
    } else if constexpr (std::is_same_v<T, source::Region>) {
      const auto artifact = static_cast<std::uint32_t>(number());
      item.artifact = artifact == 0 ? source::kNoArtifact : source::ArtifactId{artifact - 1};
      item.begin = static_cast<std::uint32_t>(number());
      item.end = item.begin + static_cast<std::uint32_t>(number());
    } else if constexpr (kIsA<T, std::optional> || kIsA<T, source::Boxed>) {
      if (number() == 0) {
        item.reset();
      } else {
        get(item ? *item : item.emplace());
      }
    } else if constexpr (kIsA<T, std::vector>) {
      item.resize(static_cast<std::size_t>(number()));
      std::ranges::for_each(item, [&](auto& one) { get(one); });
    } else if constexpr (kIsA<T, std::map>) {
      item.clear();
      for (std::uint64_t left = number(); left > 0; --left) {
        typename T::key_type key;
        get(key);
        get(item[std::move(key)]);
      }
    } else {
      fields(*this, item);
    }
  }

  std::string_view block_;
  std::size_t at_;
};

}  // namespace

/// The block that something can be added to.
std::string& PackedFindings::room() {
  if (blocks_.empty() || blocks_.back().size() > kBlockBytes) {
    if (!blocks_.empty()) {
      blocks_.back().shrink_to_fit();
    }
    blocks_.emplace_back();
    recent_.clear();
  }
  recent_.resize(kRecentTexts);
  return blocks_.back();
}

PackedFindings::Entry PackedFindings::pack(const Finding& finding) {
  std::string& block = room();
  const Entry entry{.rule = finding.rule,
                    .region = finding.region,
                    .block = static_cast<std::uint32_t>(blocks_.size() - 1),
                    .environments = list_of(finding.environments),
                    .at = static_cast<std::uint16_t>(block.size()),
                    .severity = finding.severity,
                    .flags = static_cast<std::uint8_t>((finding.suppression ? kSuppressed : 0) |
                                                       (finding.observation ? kObserved : 0) |
                                                       (finding.fix && finding.fix->guess ? kGuess : 0))};
  Packer to(block, recent_);
  to(finding.resource, finding.message, finding.root);
  to.fingerprint(finding.fingerprint);
  to(finding.trace, finding.witness, finding.fix, finding.suppression, finding.observation, finding.former_addresses);
  const std::size_t usual = finding.fingerprint.empty() ? 0 : 1;
  if (finding.identities.size() == usual && (usual == 0 || finding.identities.front() == finding.fingerprint)) {
    to(std::size_t{0});
    return entry;
  }
  to(finding.identities.size() + 1);
  for (const std::string& identity : finding.identities) {
    to.fingerprint(identity);
  }
  return entry;
}

void PackedFindings::add(const Finding& finding) {
  entries_.push_back(pack(finding));
}

void PackedFindings::close() {
  std::vector<std::uint32_t>().swap(recent_);
  if (!blocks_.empty()) {
    blocks_.back().shrink_to_fit();
  }
}

void PackedFindings::read(std::size_t index, Finding& to) const {
  const Entry& entry = entries_[index];
  to.rule = entry.rule;
  to.severity = entry.severity;
  to.region = entry.region;
  to.environments = environments_[entry.environments];
  Unpacker from(blocks_[entry.block], entry.at);
  from(to.resource, to.message, to.root);
  from.fingerprint(to.fingerprint);
  from(to.trace, to.witness, to.fix, to.suppression, to.observation, to.former_addresses);
  if (!has(entry, kSuppressed)) {
    to.suppression.reset();
  }
  std::size_t identities = 0;
  from(identities);
  if (identities == 0) {
    to.identities.assign(to.fingerprint.empty() ? 0 : 1, to.fingerprint);
    return;
  }
  to.identities.resize(identities - 1);
  for (std::string& identity : to.identities) {
    from.fingerprint(identity);
  }
}

void PackedFindings::replace(std::size_t index, const Finding& finding) {
  entries_[index] = pack(finding);
}

void PackedFindings::merge(Entry& entry, const Entry& other) {
  if (!has(other, kSuppressed)) {
    entry.flags &= static_cast<std::uint8_t>(~unsigned{kSuppressed});
  }
  if (entry.environments == other.environments) {
    return;
  }
  std::vector<std::string> names = environments_[entry.environments];
  std::ranges::copy_if(environments_[other.environments], std::back_inserter(names),
                       [&](const std::string& name) { return std::ranges::find(names, name) == names.end(); });
  entry.environments = list_of(names);
}

void PackedFindings::merge_equal() {
  const auto is_alike = [&](const Entry& a, const Entry& b) {
    if (a.region.begin != b.region.begin || a.region.end != b.region.end || a.rule->id != b.rule->id) {
      return false;
    }
    const Texts one = texts(a);
    const Texts other = texts(b);
    return one.resource == other.resource && one.message == other.message;
  };
  std::map<std::pair<source::ArtifactId, std::string_view>, std::size_t> known;  // of those that are alike
  const auto is_new = [&](const Entry& entry, std::size_t at) {
    return known.try_emplace({entry.region.artifact, texts(entry).root}, at);
  };
  std::size_t kept = 0;
  for (const Entry& entry : entries_) {
    if (kept == 0 || !is_alike(entries_[kept - 1], entry)) {
      known.clear();
    } else {
      if (known.empty()) {
        is_new(entries_[kept - 1], kept - 1);
      }
      if (const auto [first, added] = is_new(entry, kept); !added) {
        merge(entries_[first->second], entry);
        continue;
      }
    }
    entries_[kept++] = entry;
  }
  entries_.resize(kept);
}

Brief PackedFindings::brief(std::size_t index) const {
  return brief(entries_[index]);
}

PackedFindings::Texts PackedFindings::texts(const Entry& entry) const {
  Unpacker from(blocks_[entry.block], entry.at);
  return {from.text(), from.text(), from.text()};  // in this order: the list is in braces
}

std::size_t PackedFindings::place_of_fingerprint(const Entry& entry) const {
  Unpacker from(blocks_[entry.block], entry.at);
  for (int texts_before = 3; texts_before > 0; --texts_before) {
    (void)from.text();
  }
  return from.at();
}

std::string PackedFindings::fingerprint(std::size_t index) const {
  const Entry& entry = entries_[index];
  Unpacker from(blocks_[entry.block], place_of_fingerprint(entry));
  std::string result;
  from.fingerprint(result);
  return result;
}

void PackedFindings::set_fingerprint(std::size_t index, std::string_view fingerprint) {
  const Entry& entry = entries_[index];
  const std::size_t at = place_of_fingerprint(entry);
  const auto bytes = number_of(fingerprint);
  if (bytes && blocks_[entry.block][at] == static_cast<char>(FingerprintForm::kRoom)) {
    blocks_[entry.block][at] = static_cast<char>(FingerprintForm::kNumber);
    std::ranges::copy(*bytes, blocks_[entry.block].begin() + static_cast<std::ptrdiff_t>(at) + 1);
    return;
  }
  Finding finding;
  read(index, finding);
  finding.fingerprint = fingerprint;
  finding.identities = {finding.fingerprint};
  replace(index, finding);
}

std::uint32_t PackedFindings::list_of(const std::vector<std::string>& environments) {
  const auto known = std::ranges::find(environments_, environments);
  const auto number = static_cast<std::uint32_t>(known - environments_.begin());
  if (known == environments_.end()) {
    environments_.push_back(environments);
  }
  return number;
}

PackedFindings PackedFindings::joined(std::span<const PackedPart> parts) {
  PackedFindings result;
  std::size_t in_order = 0;  // of the first list
  const auto follows = [&](const PackedPart& part) {
    return part.list == parts.front().list && part.begin == std::exchange(in_order, part.end);
  };
  if (!parts.empty() && std::ranges::all_of(parts, follows) && in_order == parts.front().list->size()) {
    std::swap(result, *parts.front().list);
    return result;
  }
  std::map<PackedFindings*, std::size_t> first_blocks;
  for (const PackedPart& part : parts) {
    const auto [first, is_new] = first_blocks.try_emplace(part.list, result.blocks_.size());
    if (is_new) {
      std::ranges::move(part.list->blocks_, std::back_inserter(result.blocks_));
    }
    for (std::size_t index = part.begin; index < part.end; ++index) {
      Entry entry = part.list->entries_[index];
      entry.block += static_cast<std::uint32_t>(first->second);
      entry.environments = result.list_of(part.list->environments_[entry.environments]);
      result.entries_.push_back(entry);
    }
  }
  for (const auto& [list, first] : first_blocks) {
    *list = {};
  }
  return result;
}

void PackedFindings::sort(const source::ArtifactStore& artifacts) {
  const auto path = [&](const Entry& entry) {
    return entry.region.valid() ? artifacts.get(entry.region.artifact).path() : std::string_view();
  };
  const auto in_file = [&](const Entry& a, const Entry& b) {
    const auto place = [](const Entry& entry) {
      return std::tuple(entry.region.begin, entry.region.end,
                        entry.rule == nullptr ? std::string_view() : entry.rule->id);
    };
    const auto order = place(a) <=> place(b);
    if (order != 0) {
      return order < 0;
    }
    const Texts one = texts(a);
    const Texts other = texts(b);
    return std::tie(one.resource, one.message) < std::tie(other.resource, other.message);
  };
  if (!std::ranges::is_sorted(entries_, {}, path)) {
    std::ranges::stable_sort(entries_, [&](const Entry& a, const Entry& b) {
      const auto order = a.region.artifact == b.region.artifact ? std::strong_ordering::equal : path(a) <=> path(b);
      return order == 0 ? in_file(a, b) : order < 0;
    });
    return;
  }
  // Root modules come in the order of their directories: mostly files have to be sorted each, which takes less room.
  for (auto begin = entries_.begin(); begin != entries_.end();) {
    const auto end =
        std::find_if(begin, entries_.end(), [&](const Entry& entry) { return path(entry) != path(*begin); });
    std::stable_sort(begin, end, in_file);
    begin = end;
  }
}

}  // namespace gabion::findings
