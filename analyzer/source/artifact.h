// The files (and other texts) of one analysis. The store owns their bytes at fixed addresses, so that
// everything below a Finding can be string_views and Regions into them.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "source/hash.h"
#include "source/line_index.h"
#include "source/region.h"

namespace gabion::source {

/// Why an artifact is here. Findings are reported in project artifacts only.
enum class Role : std::uint8_t {
  kProject,     ///< below the given paths: analysed and reported
  kDependency,  ///< a downloaded module or a file outside the given paths: read, never reported or edited
  kInternal,    ///< a rule's expression and the like: never reported
};

/// One text: its name, its bytes, and (on demand) its lines.
class Artifact {
 public:
  Artifact(ArtifactId id, std::string path, std::string bytes, Role role)
      : id_(id), path_(std::move(path)), bytes_(std::move(bytes)), hash_(hash_of(bytes_)), role_(role) {}

  [[nodiscard]] ArtifactId id() const { return id_; }
  /// Path as printed: relative to the working directory where possible, separated by '/'.
  [[nodiscard]] std::string_view path() const { return path_; }
  [[nodiscard]] std::string_view bytes() const { return bytes_; }
  /// Of the bytes, by hash.h.
  [[nodiscard]] std::uint64_t hash() const { return hash_; }
  [[nodiscard]] Role role() const { return role_; }
  [[nodiscard]] std::string_view text(const Region& region) const {
    return std::string_view(bytes_).substr(region.begin, region.size());
  }
  [[nodiscard]] Region whole() const { return {id_, 0, static_cast<std::uint32_t>(bytes_.size())}; }
  Artifact(const Artifact&) = delete;
  Artifact& operator=(const Artifact&) = delete;
  ~Artifact() { delete lines_.load(std::memory_order_relaxed); }

  /// Lines of the artifact; built at the first call, whichever threads call.
  [[nodiscard]] const LineIndex& lines() const {
    if (const LineIndex* known = lines_.load(std::memory_order_acquire)) {
      return *known;
    }
    auto made = std::make_unique<const LineIndex>(bytes_);
    const LineIndex* known = nullptr;
    return lines_.compare_exchange_strong(known, made.get(), std::memory_order_acq_rel) ? *made.release() : *known;
  }

 private:
  ArtifactId id_;
  std::string path_;
  std::string bytes_;
  std::uint64_t hash_;
  Role role_;
  mutable std::atomic<const LineIndex*> lines_ = nullptr;
};

/// For tables of texts, whatever they are called.
struct ContentHash {
  [[nodiscard]] std::size_t operator()(const Artifact* artifact) const { return artifact->hash(); }
};
struct SameContent {
  [[nodiscard]] bool operator()(const Artifact* left, const Artifact* right) const {
    return left == right || (left->hash() == right->hash() && left->bytes() == right->bytes());
  }
};

/// Bytes [begin, end) of a text.
struct TextSpan {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Knows what must not be shown of a text, because it is secret.
class TextGuard {
 public:
  TextGuard() = default;
  TextGuard(const TextGuard&) = delete;
  TextGuard& operator=(const TextGuard&) = delete;
  virtual ~TextGuard() = default;

  /// What is to be hidden, in order, not overlapping.
  [[nodiscard]] virtual std::vector<TextSpan> hidden(std::string_view text) const = 0;
};

/// What stands in place of what is hidden, as Terraform writes it.
inline constexpr std::string_view kHidden = "(sensitive value)";

/// The text with kHidden in place of secrets. No guard: nothing is secret.
[[nodiscard]] inline std::string shown(std::string_view text, const TextGuard* guard) {
  std::string result;
  std::size_t copied = 0;
  for (const TextSpan& span : guard == nullptr ? std::vector<TextSpan>() : guard->hidden(text)) {
    result += text.substr(copied, span.begin - copied);
    result += kHidden;
    copied = span.end;
  }
  result += text.substr(copied);
  return result;
}

/// Artifacts by number, each of which stays where it is: while one thread adds some, others may look at those that they
/// know of.
class ArtifactTable {
 public:
  ArtifactTable() = default;
  ArtifactTable(const ArtifactTable&) = delete;
  ArtifactTable& operator=(const ArtifactTable&) = delete;
  ~ArtifactTable() {
    for (const std::atomic<Place*>& chunk : chunks_) {
      delete[] chunk.load(std::memory_order_relaxed);
    }
  }

  using Place = std::optional<Artifact>;
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] Place& at(std::size_t number) const {
    const auto [chunk, offset] = place_of(number);
    return chunks_[chunk].load(std::memory_order_acquire)[offset];
  }
  /// One more place, empty. For one thread at a time.
  void grow() {
    const auto [chunk, offset] = place_of(size_);
    if (offset == 0) {
      chunks_[chunk].store(new Place[kFirst << chunk], std::memory_order_release);
    }
    ++size_;
  }

 private:
  static constexpr std::size_t kFirst = 64;  ///< places of the first chunk; each has twice as many as the one before
  [[nodiscard]] static std::pair<std::size_t, std::size_t> place_of(std::size_t number) {
    const auto chunk = static_cast<std::size_t>(std::bit_width(number / kFirst + 1)) - 1;
    return {chunk, number - ((kFirst << chunk) - kFirst)};
  }

  std::array<std::atomic<Place*>, 27> chunks_{};
  std::size_t size_ = 0;
};

/// Owns the artifacts of one analysis, or of one after the other. References stay valid as long as the store lives,
/// those to what collect() frees until then. Several threads may add and find artifacts at the same time; the rest is
/// for one of them.
class ArtifactStore {
 public:
  ArtifactStore() = default;
  ArtifactStore(const ArtifactStore&) = delete;
  ArtifactStore& operator=(const ArtifactStore&) = delete;

  /// Adds a text under a path; a path may be added once only (the first one is returned otherwise).
  const Artifact& add(std::string path, std::string bytes, Role role = Role::kProject) {
    return add_to(false, std::move(path), std::move(bytes), role);
  }
  /// The same for those who work beside the thread that reads the configuration (rules, fixes): their artifacts have
  /// numbers of their own, so that those of the others do not hang on who was first.
  const Artifact& add_beside(std::string path, std::string bytes, Role role) {
    return add_to(true, std::move(path), std::move(bytes), role);
  }
  [[nodiscard]] const Artifact& get(ArtifactId id) const { return *place(id); }
  /// The artifact with exactly this path, or null.
  [[nodiscard]] const Artifact* find(std::string_view path) const {
    const std::lock_guard lock(mutex_);
    const auto known = by_path_.find(path);
    if (known == by_path_.end()) {
      return nullptr;
    }
    const Artifact& artifact = get(known->second.id);
    return is_current(known->second, artifact) ? &artifact : nullptr;
  }
  [[nodiscard]] std::string_view text(const Region& region) const { return get(region.artifact).text(region); }
  [[nodiscard]] Position begin_of(const Region& region) const {
    return get(region.artifact).lines().position(region.begin);
  }
  [[nodiscard]] Position end_of(const Region& region) const {
    return get(region.artifact).lines().position(region.end);
  }
  /// How many were added to this analysis.
  [[nodiscard]] std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return order_[0].size() + order_[1].size();
  }
  /// They in the order in which they were added; those of add_beside() come last.
  [[nodiscard]] const Artifact& added(std::size_t index) const {
    const std::lock_guard lock(mutex_);
    return get(index < order_[0].size() ? order_[0][index] : order_[1][index - order_[0].size()]);
  }
  /// How many of them add() added: the first ones, whatever comes beside.
  [[nodiscard]] std::size_t read_size() const {
    const std::lock_guard lock(mutex_);
    return order_[0].size();
  }

  /// Begins another analysis: paths are added anew. What has the same text keeps its id, so that what was made of the
  /// text still holds; nothing is freed. Internal artifacts stay.
  void renew() {
    ++round_;
    order_ = {};
  }
  /// Frees what was not added since renew(). Their ids are given to others from now on.
  void collect() {
    const auto drop = [&](ArtifactId id) {
      place(id).reset();
      free_[is_beside(id) ? 1 : 0].push_back(id);
    };
    std::for_each(old_.begin(), old_.end(), drop);
    old_.clear();
    std::vector<ArtifactId> gone;
    std::erase_if(by_path_, [&](const auto& entry) {
      const bool current = is_current(entry.second, get(entry.second.id));
      if (!current) {
        gone.push_back(entry.second.id);
      }
      return !current;
    });
    std::sort(gone.begin(), gone.end());
    std::for_each(gone.begin(), gone.end(), drop);
  }

  /// Who knows what must not be shown of these texts; whoever prints something of them asks. Null: nothing is secret.
  [[nodiscard]] const TextGuard* guard() const { return guard_.get(); }
  void set_guard(std::shared_ptr<const TextGuard> guard) { guard_ = std::move(guard); }

 private:
  struct Entry {
    ArtifactId id{};
    std::uint64_t round = 0;  ///< of the last analysis that added it
  };
  [[nodiscard]] bool is_current(const Entry& entry, const Artifact& artifact) const {
    return entry.round == round_ || artifact.role() == Role::kInternal;
  }

  /// add_beside() gives odd numbers: they stay short, as they are part of what tells symbols apart.
  [[nodiscard]] static bool is_beside(ArtifactId id) { return (static_cast<std::uint32_t>(id) & 1U) != 0; }
  [[nodiscard]] ArtifactTable::Place& place(ArtifactId id) const {
    return tables_[is_beside(id) ? 1 : 0].at(static_cast<std::uint32_t>(id) / 2);
  }

  const Artifact& add_to(bool beside, std::string path, std::string bytes, Role role) {
    const std::lock_guard lock(mutex_);
    const auto known = by_path_.find(path);
    if (known != by_path_.end()) {
      const Artifact& artifact = get(known->second.id);
      const bool same = is_current(known->second, artifact) ||
                        (artifact.role() == role && artifact.bytes() == std::string_view(bytes));
      if (same) {
        if (std::exchange(known->second.round, round_) != round_) {
          order_[is_beside(artifact.id()) ? 1 : 0].push_back(artifact.id());
        }
        return artifact;
      }
      old_.push_back(known->second.id);
    }
    const std::size_t half = beside ? 1 : 0;
    ArtifactTable& table = tables_[half];
    std::vector<ArtifactId>& free = free_[half];
    const auto next = static_cast<std::uint32_t>(table.size() * 2 + half);
    const ArtifactId id = free.empty() ? static_cast<ArtifactId>(next) : free.back();
    if (free.empty()) {
      table.grow();
    } else {
      free.pop_back();
    }
    ArtifactTable::Place& made = place(id);
    made.emplace(id, std::move(path), std::move(bytes), role);
    by_path_.insert_or_assign(std::string(made->path()), Entry{id, round_});
    order_[half].push_back(id);
    return *made;
  }

  std::shared_ptr<const TextGuard> guard_;
  mutable std::mutex mutex_;  ///< of all that follows, but for places of artifacts that somebody has
  std::array<ArtifactTable, 2> tables_;
  std::array<std::vector<ArtifactId>, 2> order_;  ///< in which they were added to this analysis
  std::array<std::vector<ArtifactId>, 2> free_;
  std::vector<ArtifactId> old_;  ///< texts that another one replaced since the last collect()
  std::unordered_map<std::string, Entry, source::TextHash, std::equal_to<>> by_path_;
  std::uint64_t round_ = 0;
};

}  // namespace gabion::source
