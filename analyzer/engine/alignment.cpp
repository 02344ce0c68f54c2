#include "engine/alignment.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/fix_text.h"
#include "source/arena.h"
#include "source/budget.h"
#include "syntax/hcl/parser.h"
#include "syntax/hcl/walk.h"

namespace gabion::engine {
namespace {

namespace hcl = syntax::hcl;
using findings::Edit;

constexpr int kMaxDepth = 100;
/// Files this long are not written by people.
constexpr std::size_t kMaxText = std::size_t{1} << 20U;

bool is_formatted(std::string_view path) {
  return path.ends_with(".tf") || path.ends_with(".tofu") || path.ends_with(".tfvars") || path.ends_with(".hcl");
}

/// A line that begins with `name =`. Those that hold the whole value, or the beginning of a heredoc, and follow each
/// other are aligned.
struct AlignedLine {
  std::size_t begin = 0;     ///< of the line
  std::size_t name_end = 0;  ///< of the name, or of the key of an object's item
  std::size_t equals = 0;
  std::size_t end = 0;  ///< of the line
  bool comment = false;
  bool alone = false;  ///< the value goes on below: it is aligned with no other line

  /// Column behind what is before the equals sign.
  [[nodiscard]] std::size_t width(std::string_view text) const {
    const std::string_view lead = text.substr(begin, name_end - begin);
    return static_cast<std::size_t>(
        std::ranges::count_if(lead, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
  }
};

using Lines = std::vector<AlignedLine>;

/// All such lines of a text, or of some of its blocks.
class LineReader {
 public:
  explicit LineReader(std::string_view text) : text_(text) {}

  void body(const hcl::Body& body, int depth = 0) {
    for (const hcl::Attribute& attribute : body.attributes) {
      add(attribute.name_region(), *attribute.expression);
      expression(*attribute.expression, depth + 1);
    }
    for (const hcl::Block& block : body.blocks) {
      if (depth < kMaxDepth) {
        this->body(*block.body, depth + 1);
      }
    }
  }

  /// In order.
  [[nodiscard]] Lines take() {
    std::ranges::sort(lines_, {}, &AlignedLine::begin);
    return std::move(lines_);
  }

 private:
  void expression(const hcl::Expression& value, int depth) {
    if (value.kind == hcl::ExpressionKind::kObject) {
      for (const hcl::ObjectItem& item : hcl::as<hcl::ObjectExpression>(value).items) {
        add(item.key->region, *item.value);
      }
    }
    if (depth < kMaxDepth) {
      hcl::for_each_child(value, [&](const hcl::Expression& child) { expression(child, depth + 1); });
    }
  }

  void add(source::Region name, const hcl::Expression& value) {
    AlignedLine line{.begin = line_begin(text_, name.begin), .name_end = name.end, .equals = 0, .end = 0};
    line.end = line_end(text_, name.begin);
    line.equals = text_.find_first_not_of(" \t", name.end);
    if (!only_blank(text_.substr(line.begin, name.begin - line.begin)) || line.equals >= line.end ||
        text_[line.equals] != '=') {
      return;
    }
    if (text_.substr(value.region.begin, 2) != "<<" || value.region.begin > line.end) {
      std::size_t end = value.region.end;
      end += end < line.end && text_[end] == ',' ? 1 : 0;
      line.alone = end > line.end;
      if (!line.alone && !only_comment(text_.substr(end, line.end - end))) {
        return;
      }
      line.comment = !line.alone && !only_blank(text_.substr(end, line.end - end));
    }
    lines_.push_back(line);
  }

  std::string_view text_;
  Lines lines_;
};

/// The lines of a text; nothing where something is wrong with it.
std::optional<Lines> lines_of(const std::string& text) {
  source::ArtifactStore artifacts;
  source::Arena arena;
  const source::Artifact& artifact = artifacts.add("main.tf", text);
  const hcl::ParsedBody parsed = hcl::parse_file(artifact, arena, source::Limits{});
  if (!parsed.ok()) {
    return std::nullopt;
  }
  LineReader reader(artifact.bytes());
  reader.body(*parsed.body);
  return reader.take();
}

/// Where the group of lines that begins there ends.
Lines::const_iterator group_end(const Lines& lines, Lines::const_iterator begin, std::string_view text) {
  auto end = begin + 1;
  while (end != lines.end() && !begin->alone && !end->alone && next_line(text, (end - 1)->end) == end->begin) {
    ++end;
  }
  return end;
}

std::size_t column_of(Lines::const_iterator begin, Lines::const_iterator end, std::string_view text) {
  std::size_t column = 0;
  for (auto line = begin; line != end; ++line) {
    column = std::max(column, line->width(text) + 1);
  }
  return column;
}

/// How much further right the equals sign of the line belongs.
std::ptrdiff_t shift_of(const AlignedLine& line, std::size_t column, std::string_view text) {
  return static_cast<std::ptrdiff_t>(column - line.width(text)) -
         static_cast<std::ptrdiff_t>(line.equals - line.name_end);
}

/// What stands at the top of a file around its edits: lines of two blocks never follow each other, and blocks mean the
/// same without those around them. All of the file where attributes stand at its top.
class EditedPart {
 public:
  EditedPart(const source::Artifact& artifact, const hcl::Body& file, const std::vector<Edit>& edits)
      : end_(artifact.bytes().size()), file_(file) {
    const auto in_file = [&](const Edit& edit) { return edit.region.artifact == artifact.id(); };
    const auto first = std::ranges::find_if(edits, in_file);
    const auto last = std::find_if(edits.rbegin(), edits.rend(), in_file);
    if (!file.attributes.empty() || first == edits.end()) {
      blocks_ = file.blocks;
      return;
    }
    const auto begin = std::ranges::find_if(file.blocks.rbegin(), file.blocks.rend(), [&](const hcl::Block& block) {
      return block.region.begin <= first->region.begin;
    });
    const auto end = std::ranges::find_if(
        file.blocks, [&](const hcl::Block& block) { return last->region.end <= block.region.end; });
    begin_ = begin == file.blocks.rend() ? 0 : begin->region.begin;
    end_ = end == file.blocks.end() ? end_ : end->region.end;
    blocks_ = {begin == file.blocks.rend() ? file.blocks.begin() : begin.base() - 1,
               end == file.blocks.end() ? end : end + 1};
  }

  [[nodiscard]] std::size_t begin() const { return begin_; }
  [[nodiscard]] std::size_t end() const { return end_; }
  /// Its lines as they are, by places in the file.
  [[nodiscard]] Lines lines(std::string_view text) const {
    LineReader reader(text);
    reader.body({.attributes = file_.attributes, .blocks = blocks_, .region = file_.region, .complete = true});
    return reader.take();
  }

 private:
  std::size_t begin_ = 0;
  std::size_t end_;
  const hcl::Body& file_;
  std::span<const hcl::Block> blocks_;
};

/// The edits of one file, and the text that they make of the part around them.
class EditedFile {
 public:
  EditedFile(const source::Artifact& artifact, const hcl::Body& file, std::vector<Edit>& edits)
      : artifact_(artifact), part_(artifact, file, edits), edits_(edits) {
    std::size_t at = part_.begin();
    for (std::size_t i = 0; i < edits.size(); ++i) {
      if (edits[i].region.artifact == artifact.id()) {
        keep(at, edits[i].region.begin);
        pieces_.push_back({.begin = text_.size(), .old = 0, .edit = i, .is_edit = true});
        text_ += edits[i].text;
        at = edits[i].region.end;
      }
    }
    keep(at, part_.end());
  }

  void align() {
    const std::optional<Lines> after = lines_of(text_);
    if (!after) {
      return;
    }
    const Lines before = part_.lines(artifact_.bytes());
    std::map<std::size_t, bool> aligned;  // names of the old text, by their ends
    for (auto line = before.begin(); line != before.end();) {
      const auto end = group_end(before, line, artifact_.bytes());
      const std::size_t column = column_of(line, end, artifact_.bytes());
      const bool all =
          std::all_of(line, end, [&](const AlignedLine& one) { return shift_of(one, column, artifact_.bytes()) == 0; });
      for (; line != end; ++line) {
        aligned[line->name_end] = all;
      }
    }
    // From the end, so that what is inserted moves nothing that is still to be looked at.
    std::vector<std::pair<Lines::const_iterator, Lines::const_iterator>> groups;
    for (auto line = after->begin(); line != after->end();) {
      const auto end = group_end(*after, line, text_);
      groups.emplace_back(line, end);
      line = end;
    }
    for (auto group = groups.rbegin(); group != groups.rend(); ++group) {
      align(group->first, group->second, aligned);
    }
    edits_.insert(edits_.end(), std::make_move_iterator(added_.begin()), std::make_move_iterator(added_.end()));
    std::ranges::stable_sort(edits_, {}, &Edit::region);
  }

 private:
  /// A stretch of the new text: bytes of the old one, or what an edit writes.
  struct Piece {
    std::size_t begin = 0;
    std::size_t old = 0;
    std::size_t edit = 0;
    bool is_edit = false;
  };

  void keep(std::size_t begin, std::size_t end) {
    if (begin < end) {
      pieces_.push_back({.begin = text_.size(), .old = begin, .edit = 0, .is_edit = false});
      text_ += artifact_.bytes().substr(begin, end - begin);
    }
  }

  [[nodiscard]] const Piece& piece_at(std::size_t at) const {
    const auto behind = std::ranges::upper_bound(pieces_, at, {}, &Piece::begin);
    return *(behind - 1);
  }

  void align(Lines::const_iterator begin, Lines::const_iterator end, const std::map<std::size_t, bool>& aligned) {
    const std::size_t column = column_of(begin, end, text_);
    const bool as_it_is = std::all_of(begin, end, [&](const auto& one) { return shift_of(one, column, text_) == 0; });
    // Lines that were not aligned are left as they are, and so are comments that stand below each other.
    const bool may = std::all_of(begin, end, [&](const AlignedLine& line) {
      const Piece& piece = piece_at(line.name_end - 1);
      const auto known = aligned.find(line.name_end - piece.begin + piece.old);
      return piece.is_edit || known == aligned.end() || known->second;
    });
    const bool comments = std::adjacent_find(begin, end, [](const AlignedLine& a, const AlignedLine& b) {
                            return a.comment && b.comment;
                          }) != end;
    if (as_it_is || !may || comments) {
      return;
    }
    for (auto line = end; line != begin;) {
      --line;
      move(line->equals, shift_of(*line, column, text_));
    }
  }

  /// Moves what is at a place, behind a space, to the right or to the left.
  void move(std::size_t at, std::ptrdiff_t shift) {
    const Piece& piece = piece_at(at);
    const auto spaces = static_cast<std::size_t>(std::max<std::ptrdiff_t>(-shift, 0));
    if (shift == 0 || at <= piece.begin + spaces || !only_blank(std::string_view(text_).substr(at - spaces, spaces))) {
      return;
    }
    const std::string inserted(static_cast<std::size_t>(std::max<std::ptrdiff_t>(shift, 0)), ' ');
    const std::size_t inside = at - piece.begin - spaces;
    if (piece.is_edit) {
      edits_[piece.edit].text.replace(inside, spaces, inserted);
    } else {
      const auto place = static_cast<std::uint32_t>(piece.old + inside);
      added_.push_back({{artifact_.id(), place, place + static_cast<std::uint32_t>(spaces)}, inserted});
    }
  }

  const source::Artifact& artifact_;
  const EditedPart part_;
  std::vector<Edit>& edits_;
  std::string text_;
  std::vector<Piece> pieces_;
  std::vector<Edit> added_;
};

/// Can the edit change which lines stand below each other, or how long their names are? What is added as lines of its
/// own comes with the right column; what is added inside of a line may let its value go on below.
bool moves_lines(std::string_view text, const Edit& edit) {
  const std::string_view old = text.substr(edit.region.begin, edit.region.size());
  if (old.empty() && edit.text.find('\n') != std::string::npos) {
    const std::size_t begin = line_begin(text, edit.region.begin);
    const std::size_t end = line_end(text, edit.region.begin);
    return !only_blank(text.substr(begin, edit.region.begin - begin)) &&
           !only_blank(text.substr(edit.region.begin, end - edit.region.begin));
  }
  const std::size_t behind = text.find_first_not_of(" \t", edit.region.end);
  const bool is_name = behind != std::string_view::npos && text[behind] == '=' && old.size() != edit.text.size();
  return !old.empty() &&
         (is_name || old.find('\n') != std::string_view::npos || edit.text.find('\n') != std::string::npos);
}

}  // namespace

void align_again(const source::ArtifactStore& artifacts, FixSyntax& syntax, std::vector<Edit>& edits) {
  std::vector<source::ArtifactId> files;
  for (const Edit& edit : edits) {
    const source::Artifact& artifact = artifacts.get(edit.region.artifact);
    if (is_formatted(artifact.path()) && artifact.bytes().size() < kMaxText && moves_lines(artifact.bytes(), edit) &&
        std::ranges::find(files, artifact.id()) == files.end()) {
      files.push_back(artifact.id());
    }
  }
  for (const source::ArtifactId id : files) {
    if (const hcl::Body* const file = syntax.whole_tree(id)) {
      EditedFile(artifacts.get(id), *file, edits).align();
    }
  }
}

}  // namespace gabion::engine
