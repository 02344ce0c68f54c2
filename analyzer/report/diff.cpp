#include "report/diff.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "report/style.h"
#include "report/unicode.h"

namespace gabion::report {
namespace {

/// Differences after which the search for a minimal diff is given up: its memory grows with their square.
constexpr std::int64_t kMaxDifferences = 1500;

using Lines = std::vector<std::string_view>;

Lines split(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::size_t size = end == std::string_view::npos ? text.size() : end + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

/// Marks which lines stay, by the greedy algorithm of Myers ("An O(ND) Difference Algorithm and Its Variations", 1986):
/// for every number of differences d and every diagonal k, the furthest point reached is kept, and the way is read
/// back from the end.
class Comparison {
 public:
  Comparison(std::span<const std::string_view> before, std::span<const std::string_view> after)
      : before_(before), after_(after), removed_(before.size(), true), added_(after.size(), true) {
    const auto sizes = static_cast<std::int64_t>(before_.size() + after_.size());
    for (std::int64_t d = 0; d <= std::min(sizes, kMaxDifferences); ++d) {
      if (advance(d)) {
        read_back(d);
        return;
      }
    }
  }

  [[nodiscard]] const std::vector<bool>& removed() const { return removed_; }
  [[nodiscard]] const std::vector<bool>& added() const { return added_; }

 private:
  /// Furthest points of one number of differences d; index is the diagonal plus d.
  using Front = std::vector<std::int64_t>;

  static std::int64_t at(const Front& front, std::int64_t d, std::int64_t diagonal) {
    const std::int64_t index = diagonal + d;
    return index < 0 || index >= static_cast<std::int64_t>(front.size()) ? -1 : front[static_cast<std::size_t>(index)];
  }

  /// Whether the way to this diagonal comes by adding a line (from the diagonal above) rather than removing one.
  static bool comes_by_adding(const Front& previous, std::int64_t d, std::int64_t diagonal) {
    return diagonal == -d || (diagonal != d && at(previous, d - 1, diagonal - 1) < at(previous, d - 1, diagonal + 1));
  }

  static std::int64_t start(const Front& previous, std::int64_t d, std::int64_t diagonal) {
    return comes_by_adding(previous, d, diagonal) ? at(previous, d - 1, diagonal + 1)
                                                  : at(previous, d - 1, diagonal - 1) + 1;
  }

  bool advance(std::int64_t d) {
    Front front(static_cast<std::size_t>(2 * d + 1), -1);
    const auto rows = static_cast<std::int64_t>(before_.size());
    const auto columns = static_cast<std::int64_t>(after_.size());
    for (std::int64_t diagonal = -d; diagonal <= d; diagonal += 2) {
      std::int64_t x = d == 0 ? 0 : start(fronts_.back(), d, diagonal);
      std::int64_t y = x - diagonal;
      if (x > rows || y > columns || x < 0 || y < 0) {
        front[static_cast<std::size_t>(diagonal + d)] = x;  // outside: kept, so that parity of neighbours holds
        continue;
      }
      while (x < rows && y < columns && before_[static_cast<std::size_t>(x)] == after_[static_cast<std::size_t>(y)]) {
        ++x;
        ++y;
      }
      front[static_cast<std::size_t>(diagonal + d)] = x;
      if (x == rows && y == columns) {
        fronts_.push_back(std::move(front));
        return true;
      }
    }
    fronts_.push_back(std::move(front));
    return false;
  }

  void read_back(std::int64_t d) {
    auto x = static_cast<std::int64_t>(before_.size());
    auto y = static_cast<std::int64_t>(after_.size());
    for (; d >= 0; --d) {
      const std::int64_t diagonal = x - y;
      std::int64_t begin = 0;
      std::int64_t previous_diagonal = 0;
      if (d > 0) {
        const Front& previous = fronts_[static_cast<std::size_t>(d - 1)];
        begin = start(previous, d, diagonal);
        previous_diagonal = comes_by_adding(previous, d, diagonal) ? diagonal + 1 : diagonal - 1;
      }
      while (x > begin) {
        --x;
        --y;
        removed_[static_cast<std::size_t>(x)] = false;
        added_[static_cast<std::size_t>(y)] = false;
      }
      if (d > 0) {
        x = at(fronts_[static_cast<std::size_t>(d - 1)], d - 1, previous_diagonal);
        y = x - previous_diagonal;
      }
    }
  }

  std::span<const std::string_view> before_;
  std::span<const std::string_view> after_;
  std::vector<bool> removed_;
  std::vector<bool> added_;
  std::vector<Front> fronts_;
};

/// All lines of both texts in diff order.
std::vector<DiffLine> merge(const Lines& before, const Lines& after) {
  std::size_t prefix = 0;
  const std::size_t shorter = std::min(before.size(), after.size());
  while (prefix < shorter && before[prefix] == after[prefix]) {
    ++prefix;
  }
  std::size_t suffix = 0;
  while (suffix < shorter - prefix && before[before.size() - 1 - suffix] == after[after.size() - 1 - suffix]) {
    ++suffix;
  }
  const auto old_middle = std::span(before).subspan(prefix, before.size() - prefix - suffix);
  const auto new_middle = std::span(after).subspan(prefix, after.size() - prefix - suffix);
  const Comparison comparison(old_middle, new_middle);

  std::vector<DiffLine> lines;
  const auto context = [&](std::span<const std::string_view> same) {
    for (const std::string_view line : same) {
      lines.push_back({DiffLine::Kind::kContext, line});
    }
  };
  context(std::span(before).first(prefix));
  std::size_t y = 0;
  for (std::size_t x = 0; x <= old_middle.size(); ++x) {
    if (x < old_middle.size() && comparison.removed()[x]) {
      lines.push_back({DiffLine::Kind::kRemoved, old_middle[x]});
      continue;
    }
    while (y < new_middle.size() && comparison.added()[y]) {
      lines.push_back({DiffLine::Kind::kAdded, new_middle[y++]});
    }
    if (x < old_middle.size()) {
      lines.push_back({DiffLine::Kind::kContext, old_middle[x]});
      ++y;
    }
  }
  context(std::span(before).last(suffix));
  return lines;
}

/// Path in a diff header, quoted as git does when it has characters that would confuse a reader.
std::string header_path(std::string_view prefix, std::string_view path) {
  const std::string plain = std::string(prefix) + std::string(path);
  const bool quote = std::any_of(plain.begin(), plain.end(), [](char c) {
    return static_cast<std::uint8_t>(c) < 0x20 || c == '"' || c == '\\' || c == 0x7F;
  });
  if (!quote) {
    return plain.find(' ') == std::string::npos ? plain : plain + '\t';
  }
  std::string quoted = "\"";
  for (const char c : plain) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (c == '\n') {
      quoted += "\\n";
    } else if (c == '\t') {
      quoted += "\\t";
    } else if (byte < 0x20 || byte >= 0x7F) {
      quoted += '\\';
      for (const unsigned shift : {6U, 3U, 0U}) {
        quoted += static_cast<char>('0' + ((static_cast<unsigned>(byte) >> shift) & 7U));
      }
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

/// "12,3", "12" for one line, and the line before for none, as the format wants it.
std::string range(std::uint32_t line, std::uint32_t count) {
  if (count == 1) {
    return std::to_string(line);
  }
  return std::to_string(count == 0 ? line - 1 : line) + "," + std::to_string(count);
}

std::string escaped_line(std::string_view line) {
  std::string result;
  std::uint32_t column = 1;  // the sign
  for (std::size_t offset = 0; offset < line.size();) {
    const CodePoint code_point = code_point_at(line, offset);
    Glyph shown = glyph(line, offset, code_point, column);
    result += shown.text;
    column += shown.width;
    offset += code_point.size;
  }
  return result;
}

void write_line(const DiffLine& line, const DiffOptions& options, const Style& style, std::ostream& out) {
  const bool has_end = line.text.ends_with('\n');
  std::string_view text = has_end ? line.text.substr(0, line.text.size() - 1) : line.text;
  char sign = ' ';
  Role role = Role::kPlain;
  if (line.kind != DiffLine::Kind::kContext) {
    sign = line.kind == DiffLine::Kind::kRemoved ? '-' : '+';
    role = line.kind == DiffLine::Kind::kRemoved ? Role::kRemoved : Role::kAdded;
  }
  if (options.printable && text.ends_with('\r')) {
    text.remove_suffix(1);
  }
  const std::string content = options.printable ? escaped_line(text) : std::string(text);
  out << style.paint(role, sign + content) << '\n';
  if (!has_end) {
    out << "\\ No newline at end of file\n";
  }
}

}  // namespace

std::vector<Hunk> diff_lines(std::string_view before, std::string_view after, std::uint32_t context) {
  const Lines old_lines = split(before);
  const Lines new_lines = split(after);
  const std::vector<DiffLine> lines = merge(old_lines, new_lines);

  std::vector<Hunk> hunks;
  std::uint32_t old_line = 1;
  std::uint32_t new_line = 1;
  std::size_t done = 0;  // lines that belong to earlier hunks
  const auto is_change = [&](std::size_t i) { return lines[i].kind != DiffLine::Kind::kContext; };
  for (std::size_t i = 0; i < lines.size();) {
    if (!is_change(i)) {
      ++i;
      continue;
    }
    const std::size_t first = std::max(done, i > context ? i - context : 0);
    std::size_t last_change = i;
    for (std::size_t k = i; k < lines.size() && k <= last_change + 2 * std::size_t{context} + 1; ++k) {
      if (is_change(k)) {
        last_change = k;
      }
    }
    const std::size_t end = std::min(lines.size(), last_change + 1 + context);
    for (std::size_t k = done; k < first; ++k) {  // all of them are context
      ++old_line;
      ++new_line;
    }
    Hunk hunk;
    hunk.old_line = old_line;
    hunk.new_line = new_line;
    for (std::size_t k = first; k < end; ++k) {
      hunk.lines.push_back(lines[k]);
      hunk.old_count += lines[k].kind != DiffLine::Kind::kAdded ? 1 : 0;
      hunk.new_count += lines[k].kind != DiffLine::Kind::kRemoved ? 1 : 0;
    }
    old_line += hunk.old_count;
    new_line += hunk.new_count;
    hunks.push_back(std::move(hunk));
    done = end;
    i = end;
  }
  return hunks;
}

std::optional<std::string> apply_edits(std::string_view text, std::span<const findings::Edit> edits) {
  std::string result;
  std::size_t at = 0;
  for (const findings::Edit& edit : edits) {
    if (edit.region.begin < at || edit.region.end < edit.region.begin || edit.region.end > text.size()) {
      return std::nullopt;
    }
    result.append(text.substr(at, edit.region.begin - at)).append(edit.text);
    at = edit.region.end;
  }
  result.append(text.substr(at));
  return result;
}

std::optional<std::vector<EditedFile>> edited_files(std::span<const findings::Edit> edits,
                                                    const source::ArtifactStore& artifacts, Extent extent) {
  std::map<std::string_view, std::vector<findings::Edit>> by_path;
  for (const findings::Edit& edit : edits) {
    if (!edit.region.valid() || edit.region.end > artifacts.get(edit.region.artifact).bytes().size()) {
      return std::nullopt;
    }
    by_path[artifacts.get(edit.region.artifact).path()].push_back(edit);
  }
  std::vector<EditedFile> files;
  for (auto& [path, own] : by_path) {
    const source::Artifact& artifact = artifacts.get(own.front().region.artifact);
    EditedFile file{artifact.id(), 1, artifact.bytes(), {}};
    if (extent != Extent::kWholeFile) {
      const std::uint32_t around = extent == Extent::kEditedParts ? kDiffContext : 0;
      const source::LineIndex& lines = artifact.lines();
      const std::uint32_t first = lines.line(own.front().region.begin);
      file.first_line = first - std::min(first - 1, around);
      const std::uint32_t begin = lines.begin_of_line(file.first_line);
      const std::uint32_t end = lines.begin_of_line(lines.line(own.back().region.end) + 1 + around);
      if (end < begin) {
        return std::nullopt;
      }
      file.before = file.before.substr(begin, end - begin);
      for (findings::Edit& edit : own) {
        if (edit.region.begin < begin) {
          return std::nullopt;
        }
        edit.region.begin -= begin;
        edit.region.end -= begin;
      }
    }
    std::optional<std::string> after = apply_edits(file.before, own);
    if (!after) {
      return std::nullopt;
    }
    file.after = std::move(*after);
    files.push_back(std::move(file));
  }
  return files;
}

namespace {

/// Leaves out the unchanged lines at both ends of a hunk up to the last one that must not be shown: with less around it
/// the diff can still be applied.
void shorten(Hunk& hunk, const source::TextGuard& guard) {
  const auto is_change = [](const DiffLine& line) { return line.kind != DiffLine::Kind::kContext; };
  const auto is_secret = [&](const DiffLine& line) { return !guard.hidden(line.text).empty(); };
  const auto first_change = std::find_if(hunk.lines.begin(), hunk.lines.end(), is_change);
  const auto last_change = std::find_if(hunk.lines.rbegin(), hunk.lines.rend(), is_change).base();
  const auto tail = std::find_if(last_change, hunk.lines.end(), is_secret);
  const auto head = std::find_if(std::make_reverse_iterator(first_change), hunk.lines.rend(), is_secret).base();
  const auto dropped = static_cast<std::uint32_t>(head - hunk.lines.begin());
  const auto kept = static_cast<std::uint32_t>(hunk.lines.end() - tail);
  hunk.old_line += dropped;
  hunk.new_line += dropped;
  hunk.old_count -= dropped + kept;
  hunk.new_count -= dropped + kept;
  hunk.lines.erase(tail, hunk.lines.end());
  hunk.lines.erase(hunk.lines.begin(), hunk.lines.begin() + dropped);
}

}  // namespace

bool write_diff(std::string_view path, std::string_view before, std::string_view after, const DiffOptions& options,
                std::ostream& out) {
  std::vector<Hunk> hunks = diff_lines(before, after, options.context);
  if (hunks.empty()) {
    return true;
  }
  bool complete = true;
  const Style style(options.colour);
  while (path.starts_with("./")) {
    path.remove_prefix(2);
  }
  const bool absolute = path.starts_with('/');
  const auto named = [&](std::string_view side) {
    const std::string name = header_path(absolute ? std::string_view() : side, path);
    return options.printable ? printable(name) : name;
  };
  out << style.paint(Role::kStrong, "--- " + named("a/")) << '\n';
  out << style.paint(Role::kStrong, "+++ " + named("b/")) << '\n';
  for (Hunk& hunk : hunks) {
    hunk.old_line += options.first_line - 1;
    hunk.new_line += options.first_line - 1;
    if (options.guard != nullptr) {
      shorten(hunk, *options.guard);
    }
    const std::string ranges =
        "@@ -" + range(hunk.old_line, hunk.old_count) + " +" + range(hunk.new_line, hunk.new_count) + " @@";
    out << style.paint(Role::kFrame, ranges) << '\n';
    for (const DiffLine& line : hunk.lines) {
      if (options.guard == nullptr || options.guard->hidden(line.text).empty()) {
        write_line(line, options, style, out);
        continue;
      }
      complete = false;
      const std::string text = source::shown(line.text, options.guard);
      write_line({line.kind, text}, options, style, out);
    }
  }
  return complete;
}

}  // namespace gabion::report
