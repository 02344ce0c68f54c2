#include "cache/trace.h"

#include <algorithm>
#include <cerrno>
#include <unordered_map>
#include <utility>

namespace gabion::cache {
namespace {

/// Times that are younger than this when a run begins may be those of another write as well: of one that comes within
/// the same tick of the clock. Some file systems count in steps of two seconds.
constexpr std::int64_t kTick = 2'500'000'000;

void add_error(Hasher& hasher, const source::Error& error) {
  hasher.number(0).text(error.message).text(error.path).text(error.hint).number(error.line).number(error.column);
}

Digest answer_of(const source::Expected<std::string>& answer) {
  Hasher hasher;
  if (answer) {
    hasher.number(1).text(*answer);
  } else {
    add_error(hasher, answer.error());
  }
  return hasher.finish();
}

Digest answer_of(const source::Expected<std::vector<source::Entry>>& answer) {
  Hasher hasher;
  if (!answer) {
    add_error(hasher, answer.error());
    return hasher.finish();
  }
  hasher.number(1);
  for (const source::Entry& entry : *answer) {
    hasher.text(entry.name).number(static_cast<std::uint64_t>(entry.kind));
  }
  return hasher.finish();
}

Digest answer_of(const source::Expected<source::Status>& answer) {
  Hasher hasher;
  if (answer) {
    hasher.number(1).number(static_cast<std::uint64_t>(answer->kind)).number(answer->size);
  } else {
    add_error(hasher, answer.error());
  }
  return hasher.finish();
}

Digest ask(const source::FileSystem& files, const std::string& path, const Fact& fact) {
  switch (fact.question) {
    case Question::kRead:
      return answer_of(files.read(path, fact.max_bytes));
    case Question::kList:
      return answer_of(files.list(path));
    case Question::kStatus:
      return answer_of(files.status(path));
    case Question::kCanonical:
      return answer_of(files.canonical(path));
  }
  return {};
}

bool is_settled(const std::optional<source::Stamp>& stamp, std::int64_t now) {
  return stamp && (stamp->absent != 0 || std::max(stamp->modified, stamp->changed) < now - kTick);
}

/// Looks at each path once, whatever is asked about it.
class Glance {
 public:
  Glance(const source::FileSystem& files, StampOf stamp_of) : files_(files), stamp_of_(stamp_of) {}

  [[nodiscard]] const std::optional<source::Stamp>& stamp(const std::string& path) {
    const auto [known, is_new] = stamps_.try_emplace(path);
    if (is_new) {
      known->second = stamp_of_(path);
    }
    return known->second;
  }

  /// The canonical path. That of an entry that is no link is that of its directory and its name.
  [[nodiscard]] source::Expected<std::string> canonical(const std::string& path) {
    // From the whole path up to one that is known, and down again.
    std::vector<std::string> waiting{path};
    while (!known_.contains(waiting.back())) {
      const std::string& last = waiting.back();
      if (!is_plain(last)) {
        known_.emplace(last, files_.canonical(last));
        break;
      }
      waiting.push_back(source::directory_of(last));
    }
    while (waiting.size() > 1) {
      const source::Expected<std::string>& above = known_.at(waiting.back());
      waiting.pop_back();
      const std::string& here = waiting.back();
      const std::optional<source::Stamp>& now = stamp(here);
      const bool simple = above && now && now->absent == 0 && now->kind != source::EntryKind::kSymlink;
      known_.emplace(here, simple ? source::Expected<std::string>((above->ends_with('/') ? *above : *above + "/") +
                                                                  std::string(source::name_of(here)))
                                  : files_.canonical(here));
    }
    return known_.at(path);
  }

 private:
  /// Whether the path is that of a directory, a slash, and a name.
  static bool is_plain(const std::string& path) {
    const std::string_view name = source::name_of(path);
    return path != "/" && !name.empty() && name != "." && name != ".." && path.find("//") == std::string::npos;
  }

  const source::FileSystem& files_;
  StampOf stamp_of_;
  std::unordered_map<std::string, std::optional<source::Stamp>> stamps_;
  std::unordered_map<std::string, source::Expected<std::string>> known_;
};

/// Whether the answers have to be the same because the stamps are. What a link leads to has a stamp of its own.
bool is_untouched(const Observation& observation, const std::optional<source::Stamp>& now) {
  return observation.settled && observation.stamp && now && *now == *observation.stamp &&
         now->kind != source::EntryKind::kSymlink;
}

void write(const source::Stamp& stamp, Writer& to) {
  to.number(static_cast<std::uint64_t>(stamp.absent));
  if (stamp.absent != 0) {
    return;
  }
  to.number(static_cast<std::uint64_t>(stamp.kind));
  to.number(stamp.device);
  to.number(stamp.inode);
  to.number(stamp.size);
  to.number(static_cast<std::uint64_t>(stamp.modified));
  to.number(static_cast<std::uint64_t>(stamp.changed));
}

source::Stamp read_stamp(Reader& from) {
  source::Stamp stamp;
  const std::uint64_t absent = from.number();
  if (absent != 0) {
    if (absent != ENOENT && absent != ENOTDIR) {
      from.fail();
    }
    stamp.absent = static_cast<int>(absent);
    return stamp;
  }
  const std::uint64_t kind = from.number();
  if (kind > static_cast<std::uint64_t>(source::EntryKind::kOther)) {
    from.fail();
    return stamp;
  }
  stamp.kind = static_cast<source::EntryKind>(kind);
  stamp.device = from.number();
  stamp.inode = from.number();
  stamp.size = from.number();
  stamp.modified = static_cast<std::int64_t>(from.number());
  stamp.changed = static_cast<std::int64_t>(from.number());
  return stamp;
}

}  // namespace

// A path is written as how much of the one before it begins with, and the rest: neighbours share most of it.
void write(const Trace& trace, Writer& to) {
  to.number(trace.observations.size());
  std::string_view before;
  for (const Observation& observation : trace.observations) {
    const std::string_view path = observation.path;
    const auto differ = std::mismatch(before.begin(), before.end(), path.begin(), path.end());
    const auto shared = static_cast<std::size_t>(differ.first - before.begin());
    to.number(shared);
    to.text(path.substr(shared));
    to.number(!observation.stamp ? 0 : observation.settled ? 2 : 1);
    if (observation.stamp) {
      write(*observation.stamp, to);
    }
    to.number(observation.facts.size());
    for (const Fact& fact : observation.facts) {
      to.number(static_cast<std::uint64_t>(fact.question));
      if (fact.question == Question::kRead) {
        to.number(fact.max_bytes);
      }
      to.digest(fact.answer);
    }
    before = path;
  }
}

Trace read_trace(Reader& from) {
  constexpr std::size_t kLeastObservation = 4;
  constexpr std::size_t kLeastFact = 1 + sizeof(Digest);
  constexpr std::size_t kLongestPath = 64 * 1024;
  Trace trace;
  std::string before;
  for (std::size_t left = from.count(kLeastObservation); left > 0; --left) {
    Observation& observation = trace.observations.emplace_back();
    const std::uint64_t shared = from.number();
    const std::string_view rest = from.text();
    if (shared > before.size() || rest.size() > kLongestPath - std::min<std::size_t>(shared, kLongestPath) ||
        rest.find('\0') != std::string_view::npos) {
      from.fail();
      break;
    }
    observation.path = before.substr(0, static_cast<std::size_t>(shared)).append(rest);
    const std::uint64_t state = from.number();
    if (state > 2) {
      from.fail();
      break;
    }
    if (state > 0) {
      observation.stamp = read_stamp(from);
      observation.settled = state == 2;
    }
    for (std::size_t facts = from.count(kLeastFact); facts > 0; --facts) {
      Fact& fact = observation.facts.emplace_back();
      const std::uint64_t question = from.number();
      if (question > static_cast<std::uint64_t>(Question::kCanonical)) {
        from.fail();
        break;
      }
      fact.question = static_cast<Question>(question);
      fact.max_bytes = fact.question == Question::kRead ? from.number() : 0;
      fact.answer = from.digest();
    }
    if (from.failed()) {
      break;
    }
    before = observation.path;
  }
  if (from.failed()) {
    trace.observations.clear();
  }
  return trace;
}

Check check(Trace& trace, const source::FileSystem& files, StampOf stamp_of, std::int64_t now, Search search) {
  const auto is_file = [](const std::optional<source::Stamp>& stamp) {
    return stamp && stamp->absent == 0 && stamp->kind == source::EntryKind::kFile;
  };
  Glance glance(files, stamp_of);
  Check result;
  std::set<std::string> contents;
  for (Observation& observation : trace.observations) {
    const std::optional<source::Stamp>& current = glance.stamp(observation.path);
    const bool untouched = is_untouched(observation, current);
    const bool stayed_file = is_file(current) && is_file(observation.stamp);
    // Of another size is of other contents; nothing needs to be read for that.
    bool differs = !untouched && stayed_file && current->size != observation.stamp->size &&
                   std::ranges::find(observation.facts, Question::kRead, &Fact::question) != observation.facts.end();
    const auto first = [&] {
      if (result.changed.empty()) {
        result.changed = observation.path;
      }
    };
    if (differs) {
      first();
      if (search == Search::kFirstChange) {
        return result;
      }
    }
    for (const Fact& fact : observation.facts) {
      if (untouched && (fact.question != Question::kCanonical || current->absent != 0)) {
        continue;
      }
      const bool of_contents = stayed_file && (fact.question == Question::kRead || fact.question == Question::kStatus);
      if (differs && of_contents) {
        continue;
      }
      const Digest answer =
          untouched ? answer_of(glance.canonical(observation.path)) : ask(files, observation.path, fact);
      if (answer == fact.answer) {
        continue;
      }
      first();
      if (search == Search::kFirstChange || !of_contents) {
        return result;
      }
      differs = true;
    }
    if (differs) {
      contents.insert(observation.path);
    } else if (!untouched) {
      const std::optional<source::Stamp> later = current;
      const bool settled = is_settled(later, now);
      // A link never helps, and a file that was just written does not yet.
      const bool helps = settled && later->kind != source::EntryKind::kSymlink;
      result.refreshed = result.refreshed || helps;
      observation.stamp = later;
      observation.settled = settled;
    }
  }
  result.same = contents.empty();
  if (!result.same) {
    result.contents = std::move(contents);
  }
  return result;
}

std::optional<Trace> merged(Trace trace, Trace earlier, const std::set<std::string>& changed) {
  const std::size_t own = trace.observations.size();
  for (Observation& old : earlier.observations) {
    if (changed.contains(old.path)) {
      std::erase_if(old.facts, [](const Fact& fact) {
        return fact.question == Question::kRead || fact.question == Question::kStatus;
      });
    }
    const auto end = trace.observations.begin() + static_cast<std::ptrdiff_t>(own);
    const auto known = std::ranges::lower_bound(trace.observations.begin(), end, old.path, {}, &Observation::path);
    if (known == end || known->path != old.path) {
      if (!old.facts.empty()) {
        trace.observations.push_back(std::move(old));
      }
      continue;
    }
    for (const Fact& fact : old.facts) {
      const auto same = std::find_if(known->facts.begin(), known->facts.end(), [&](const Fact& other) {
        return other.question == fact.question && other.max_bytes == fact.max_bytes;
      });
      if (same == known->facts.end()) {
        known->facts.push_back(fact);
      } else if (same->answer != fact.answer) {
        return std::nullopt;
      }
    }
  }
  std::ranges::sort(trace.observations, {}, &Observation::path);
  return trace;
}

void Recorder::look_at(const std::string& path) const {
  {
    const std::lock_guard lock(guard_);
    if (known_.contains(path)) {
      return;
    }
  }
  const std::optional<source::Stamp> stamp = stamp_of_(path);
  const std::lock_guard lock(guard_);
  known_.try_emplace(path, Known{stamp, {}});
}

void Recorder::remember(const std::string& path, const Fact& fact) const {
  const std::lock_guard lock(guard_);
  std::vector<Fact>& facts = known_[path].facts;
  const auto same = std::find_if(facts.begin(), facts.end(), [&](const Fact& other) {
    return other.question == fact.question && other.max_bytes == fact.max_bytes;
  });
  if (same == facts.end()) {
    facts.push_back(fact);
  } else if (same->answer != fact.answer) {
    consistent_ = false;
  }
}

source::Expected<std::string> Recorder::read(const std::string& path, std::uint64_t max_bytes) const {
  look_at(path);
  if (!reading_modules_) {
    const std::lock_guard lock(guard_);
    read_beside_.insert(path);
  }
  auto answer = files_.read(path, max_bytes);
  remember(path, {Question::kRead, max_bytes, answer_of(answer)});
  return answer;
}

source::Expected<std::vector<source::Entry>> Recorder::list(const std::string& path) const {
  look_at(path);
  auto answer = files_.list(path);
  remember(path, {Question::kList, 0, answer_of(answer)});
  return answer;
}

source::Expected<source::Status> Recorder::status(const std::string& path) const {
  look_at(path);
  auto answer = files_.status(path);
  remember(path, {Question::kStatus, 0, answer_of(answer)});
  return answer;
}

source::Expected<std::string> Recorder::canonical(const std::string& path) const {
  look_at(path);
  auto answer = files_.canonical(path);
  remember(path, {Question::kCanonical, 0, answer_of(answer)});
  return answer;
}

std::set<std::string> Recorder::read_beside() const {
  const std::lock_guard lock(guard_);
  return read_beside_;
}

std::optional<Trace> Recorder::trace() const {
  const std::lock_guard lock(guard_);
  if (!consistent_) {
    return std::nullopt;
  }
  Trace trace;
  for (const auto& [path, known] : known_) {
    trace.observations.push_back({path, known.stamp, is_settled(known.stamp, started_), known.facts});
  }
  std::ranges::sort(trace.observations, {}, &Observation::path);
  return trace;
}

}  // namespace gabion::cache
