// What a run learned from the file system: every question it asked (contents, entries, status, canonical path) with a
// digest of the answer. When all answers are still the same, so is whatever was worked out from them. Made by a
// Recorder, kept in entries of the cache, checked before an entry is used.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cache/codec.h"
#include "cache/digest.h"
#include "source/file_system.h"
#include "source/hash.h"
#include "source/stamp.h"

namespace gabion::cache {

/// What was asked about a path.
enum class Question : std::uint8_t { kRead, kList, kStatus, kCanonical };

/// A question and a digest of its answer; answers may be errors.
struct Fact {
  Question question = Question::kRead;
  std::uint64_t max_bytes = 0;  ///< of kRead
  Digest answer{};
};

/// What was asked about one path.
struct Observation {
  std::string path;
  /// As it was before the first question, where the file system could tell.
  std::optional<source::Stamp> stamp;
  /// Whether the stamp was old enough by then to change with whatever is written later, so that an equal one says that
  /// nothing was. (What is written twice within a tick of the clock has the same times after both.)
  bool settled = false;
  std::vector<Fact> facts;
};

/// Sorted by path.
struct Trace {
  std::vector<Observation> observations;
};

void write(const Trace& trace, Writer& to);
/// Empty when the reader fails.
[[nodiscard]] Trace read_trace(Reader& from);

/// source::stamp_of for files on disk, source::no_stamp for others: then only reading shows whether anything changed.
using StampOf = std::optional<source::Stamp> (*)(const std::string& path);

/// What checking a trace gave.
struct Check {
  bool same = false;
  std::string changed;  ///< the first path with another answer, when not the same
  /// When contents of files are all that changed, and all of it was looked for: these files. Everything that was asked
  /// for is still there then, of the same kind and in the same place, and nothing was added where entries were listed.
  std::optional<std::set<std::string>> contents{};
  bool refreshed = false;  ///< stamps were not enough, and the trace has new ones now
};

/// How far to look.
enum class Search : std::uint8_t {
  kFirstChange,  ///< to the first answer that differs
  kContents,     ///< to the first that is about more than the contents of a file
};

/// Asks again what has to be asked: nothing where the stamp says that nothing changed, else for the answers themselves.
/// `now` is the time in nanoseconds since 1970.
[[nodiscard]] Check check(Trace& trace, const source::FileSystem& files, StampOf stamp_of, std::int64_t now,
                          Search search = Search::kFirstChange);

/// A trace with the facts of an earlier one that were not asked for again. What the earlier one says of the contents of
/// `changed` files is left out. Nothing when they disagree about anything else.
[[nodiscard]] std::optional<Trace> merged(Trace trace, Trace earlier, const std::set<std::string>& changed);

/// Passes questions on and remembers the answers. For several threads at once, as far as the other one is.
class Recorder final : public source::FileSystem {
 public:
  /// `now` is the time in nanoseconds since 1970.
  Recorder(const source::FileSystem& files, StampOf stamp_of, std::int64_t now)
      : files_(files), stamp_of_(stamp_of), started_(now) {}

  [[nodiscard]] source::Expected<std::string> read(const std::string& path, std::uint64_t max_bytes) const override;
  [[nodiscard]] source::Expected<std::vector<source::Entry>> list(const std::string& path) const override;
  [[nodiscard]] source::Expected<source::Status> status(const std::string& path) const override;
  [[nodiscard]] source::Expected<std::string> canonical(const std::string& path) const override;
  [[nodiscard]] bool is_concurrent() const override { return files_.is_concurrent(); }

  /// Whether what is read from now on is what is analysed, and does not say what to analyse and how.
  void set_reading_modules(bool modules) const { reading_modules_ = modules; }
  /// Files that were read otherwise.
  [[nodiscard]] std::set<std::string> read_beside() const;
  /// Everything so far; nothing when one question had two answers, because something changed in between.
  [[nodiscard]] std::optional<Trace> trace() const;

 private:
  struct Known {
    std::optional<source::Stamp> stamp;
    std::vector<Fact> facts;
  };
  /// Takes the stamp, before the question is asked.
  void look_at(const std::string& path) const;
  void remember(const std::string& path, const Fact& fact) const;

  const source::FileSystem& files_;
  StampOf stamp_of_;
  std::int64_t started_;
  mutable std::mutex guard_;  // of what follows
  mutable std::unordered_map<std::string, Known, source::TextHash, std::equal_to<>> known_;
  mutable std::set<std::string> read_beside_;
  mutable bool consistent_ = true;
  mutable std::atomic<bool> reading_modules_ = false;
};

}  // namespace gabion::cache
