#include "engine/layout.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/fix_text.h"

namespace gabion::engine {
namespace {

using source::Region;
using syntax::hcl::Attribute;
using syntax::hcl::Block;

/// Blocks that Terraform gives a meaning of their own: people write them last.
bool is_last_block(std::string_view type) {
  return type == "lifecycle" || type == "provisioner" || type == "connection" || type == "timeouts";
}

/// Such an attribute is aligned with no other one.
bool several_lines(const NewAttribute& attribute) {
  return attribute.value.find('\n') != std::string::npos;
}

/// Lines of a new block with everything in it.
void print_block(const NewBlock& block, const std::string& indent, const std::string& step, const std::string& newline,
                 std::string& out) {
  const std::string inner = indent + step;
  if (block.attributes.empty() && block.blocks.empty()) {
    out += indent + block.type + " {}" + newline;
    return;
  }
  out += indent + block.type + " {" + newline;
  std::size_t width = 0;
  for (std::size_t i = 0; i < block.attributes.size(); ++i) {
    // Equals signs are aligned over runs of attributes that take one line.
    if (several_lines(block.attributes[i])) {
      width = 0;
    } else if (i == 0 || several_lines(block.attributes[i - 1])) {
      for (std::size_t j = i; j < block.attributes.size() && !several_lines(block.attributes[j]); ++j) {
        width = std::max(width, block.attributes[j].name.size() + 1);
      }
    }
    out += inner + aligned_name(block.attributes[i].name, width) + block.attributes[i].value + newline;
  }
  bool first = block.attributes.empty();
  for (const NewBlock& nested : block.blocks) {
    out += first ? "" : newline;
    first = false;
    print_block(nested, inner, step, newline, out);
  }
  out += indent + "}" + newline;
}

/// Column of the equals sign, counted from the name's start, in an attribute written on one line; 0 when unclear.
std::size_t equals_column(std::string_view text, const Attribute& attribute) {
  const std::size_t equals = text.find('=', attribute.name_region().end);
  return equals == std::string_view::npos || equals > attribute.region.end ? 0 : equals - attribute.region.begin;
}

}  // namespace

std::string block_text(const NewBlock& block, std::string_view indent, std::string_view step,
                       std::string_view newline) {
  std::string result;
  print_block(block, std::string(indent), std::string(step), std::string(newline), result);
  return result;
}

std::string aligned_name(std::string_view name, std::size_t width) {
  std::string result(name);
  if (width > name.size() + 1) {
    result.append(width - name.size(), ' ');
  } else {
    result += ' ';
  }
  return result + "= ";
}

source::Region removal_region(const source::Artifact& artifact, Region region) {
  const std::string_view text = artifact.bytes();
  const std::size_t begin = line_begin(text, region.begin);
  std::size_t end = line_end(text, region.end > 0 ? region.end - 1 : 0);
  if (!only_blank(text.substr(begin, region.begin - begin)) ||
      !only_comment(text.substr(region.end, end - region.end))) {
    return region;
  }
  end = next_line(text, end);
  // An empty line behind goes too where one is before, or where a block begins.
  const std::string_view before = begin == 0 ? std::string_view() : text.substr(0, begin - 1);
  const std::string_view line = before.substr(line_begin(before, before.size()));
  const std::size_t after = line_end(text, end);
  if (end < text.size() && only_blank(text.substr(end, after - end)) &&
      (only_blank(line) || line.substr(0, line.find_last_not_of(" \t\r") + 1).ends_with('{'))) {
    end = next_line(text, end);
  }
  return without_empty_lines_before(
      artifact, {region.artifact, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
}

Region without_empty_lines_before(const source::Artifact& artifact, Region removed) {
  const std::string_view text = artifact.bytes();
  const std::size_t end = removed.end;
  std::size_t from = removed.begin;
  if (from != line_begin(text, from)) {
    return removed;
  }
  if (text.substr(std::min(text.find_first_not_of(" \t\r\n", end), text.size())).starts_with('}') ||
      end == text.size()) {
    for (std::size_t line_at = from; line_at > 0;) {
      line_at = line_begin(text, line_at - 1);
      if (!only_blank(text.substr(line_at, from - line_at))) {
        break;
      }
      from = line_at;
    }
  }
  return {removed.artifact, static_cast<std::uint32_t>(from), removed.end};
}

BodyEditor::BodyEditor(const source::Artifact& artifact, const Block& block) : artifact_(artifact), block_(block) {}

void BodyEditor::insert_attributes(std::vector<NewAttribute> attributes) {
  attributes_.insert(attributes_.end(), std::make_move_iterator(attributes.begin()),
                     std::make_move_iterator(attributes.end()));
}

void BodyEditor::insert_blocks(std::vector<NewBlock> blocks) {
  blocks_.insert(blocks_.end(), std::make_move_iterator(blocks.begin()), std::make_move_iterator(blocks.end()));
}

bool BodyEditor::has_lines(const Attribute& attribute) const {
  return artifact_.text(attribute.region).find('\n') != std::string_view::npos;
}

const Attribute* BodyEditor::last_aligned(const Attribute& first) const {
  const std::string_view text = artifact_.bytes();
  const Attribute* last = &first;
  for (const Attribute& attribute : block_.body->attributes) {
    const bool below = line_begin(text, attribute.region.begin) == next_line(text, last->region.end) &&
                       only_comment(text.substr(last->region.end, line_end(text, last->region.end) - last->region.end));
    if (below && !has_lines(attribute)) {
      last = &attribute;
    }
  }
  return last;
}

std::vector<findings::Edit> BodyEditor::finish() {
  std::vector<findings::Edit> edits;
  if (attributes_.empty() && blocks_.empty()) {
    return edits;
  }
  const std::string_view text = artifact_.bytes();
  const source::ArtifactId id = artifact_.id();
  const std::string newline(newline_near(text, block_.open_brace().end));
  const std::string outer(indentation_at(text, block_.region.begin));
  const syntax::hcl::Body& body = *block_.body;
  const std::size_t open_end = block_.open_brace().end;
  const std::size_t close_begin = block_.close_brace().begin;
  const bool one_line = text.substr(open_end, close_begin - open_end).find('\n') == std::string_view::npos;

  std::string indent;
  if (!one_line && !body.attributes.empty()) {
    indent = indentation_at(text, body.attributes.front().region.begin);
  } else if (!one_line && !body.blocks.empty()) {
    indent = indentation_at(text, body.blocks.front().region.begin);
  } else {
    indent = outer + indentation_step(text);
  }
  const std::string step =
      indent.size() > outer.size() && indent.starts_with(outer) ? indent.substr(outer.size()) : indentation_step(text);

  // The attribute after which new ones go: the last one-line attribute before the first nested block.
  const Attribute* anchor = nullptr;
  const std::uint32_t first_block = body.blocks.empty() ? block_.close_brace().begin : body.blocks.front().region.begin;
  const auto look_for_anchor = [&](std::uint32_t end) {
    for (const Attribute& attribute : body.attributes) {
      const bool last = attribute.name == "tags" || has_lines(attribute);
      if (attribute.name != "depends_on" && attribute.region.begin < end && (anchor == nullptr || !last)) {
        anchor = &attribute;
      }
    }
  };
  look_for_anchor(first_block);
  if (anchor == nullptr) {
    look_for_anchor(block_.close_brace().begin);  // what people write last is first here
  }

  std::stable_partition(attributes_.begin(), attributes_.end(),
                        [](const NewAttribute& one) { return !several_lines(one); });
  std::size_t width = 0;
  if (anchor != nullptr && !one_line) {
    width = equals_column(text, *anchor);
    if (std::ranges::any_of(attributes_,
                            [&](const auto& one) { return several_lines(one) || one.name.size() + 1 > width; })) {
      // What does not fit is a group of its own, which must not part the lines that are aligned with each other.
      anchor = last_aligned(*anchor);
    }
  } else {
    for (const NewAttribute& attribute : attributes_) {
      width = std::max(width, several_lines(attribute) ? 0 : attribute.name.size() + 1);
    }
  }
  // A block on one line has one attribute at most, which is aligned with what comes.
  const std::size_t column = one_line && anchor != nullptr && !attributes_.empty() ? equals_column(text, *anchor) : 0;
  width = std::max(width, column);
  std::string lines;
  for (const NewAttribute& attribute : attributes_) {
    const std::size_t wanted = several_lines(attribute) ? 0 : attribute.name.size() + 1;
    if (anchor != nullptr && !one_line && (wanted == 0 || wanted > width)) {
      // A group of its own: no other line needs to move for it.
      width = wanted;
      lines += newline;
    }
    lines += indent + aligned_name(attribute.name, wanted == 0 ? std::size_t{0} : width) + attribute.value + newline;
  }
  std::string block_lines;
  for (const NewBlock& block : blocks_) {
    block_lines += block_lines.empty() ? "" : newline;
    print_block(block, indent, step, newline, block_lines);
  }

  const auto at = [&](std::size_t begin, std::size_t end) {
    return Region{id, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  };
  if (one_line) {
    // { } or { name = value }: opened up into lines; what is inside keeps its bytes.
    std::size_t content_begin = open_end;
    std::size_t content_end = close_begin;
    while (content_begin < content_end && (text[content_begin] == ' ' || text[content_begin] == '\t')) {
      ++content_begin;
    }
    while (content_end > content_begin && (text[content_end - 1] == ' ' || text[content_end - 1] == '\t')) {
      --content_end;
    }
    if (content_begin == content_end) {
      const std::string between = lines.empty() || block_lines.empty() ? "" : newline;
      edits.push_back({at(open_end, close_begin), newline + lines + between + block_lines + outer});
    } else {
      const std::string between = block_lines.empty() ? "" : newline;
      edits.push_back({at(open_end, content_begin), newline + indent});
      if (column > 0 && column < width) {
        const std::size_t equals = anchor->region.begin + column;
        edits.push_back({at(equals, equals), std::string(width - column, ' ')});
      }
      edits.push_back({at(content_end, close_begin), newline + lines + between + block_lines + outer});
    }
    return edits;
  }
  if (!lines.empty()) {
    if (anchor != nullptr) {
      // At the end of the anchor's last line, so that a comment there stays with it. Heredocs end at their marker.
      const std::size_t last = anchor->region.end > 0 ? anchor->region.end - 1U : 0U;
      const std::size_t end = text[last] == '\n' ? last : line_end(text, anchor->region.end);
      lines.resize(lines.size() - newline.size());
      const std::size_t where = text[last] == '\n' && last > 0 && text[last - 1] == '\r' ? last - 1 : end;
      edits.push_back({at(where, where), newline + lines});
    } else {
      const std::size_t end = line_end(text, open_end);
      lines.resize(lines.size() - newline.size());
      edits.push_back({at(end, end), newline + lines});
    }
  }
  if (!block_lines.empty()) {
    // What people write last stays last: the new blocks go behind the item before it.
    std::uint32_t other_end = 0;
    for (const Block& nested : body.blocks) {
      other_end = is_last_block(nested.type) ? other_end : std::max(other_end, nested.region.end);
    }
    for (const Attribute& attribute : body.attributes) {
      other_end = attribute.name == "depends_on" ? other_end : std::max(other_end, attribute.region.end);
    }
    std::uint32_t last_begin = block_.close_brace().begin;
    const auto look_for_last = [&](bool is_last, Region region) {
      last_begin = is_last && region.begin >= other_end ? std::min(last_begin, region.begin) : last_begin;
    };
    for (const Block& nested : body.blocks) {
      look_for_last(is_last_block(nested.type), nested.region);
    }
    for (const Attribute& attribute : body.attributes) {
      look_for_last(attribute.name == "depends_on", attribute.region);
    }
    if (last_begin != block_.close_brace().begin) {
      std::uint32_t before = 0;
      const auto look = [&](Region region) {
        if (region.end <= last_begin) {
          before = std::max(before, region.end);
        }
      };
      for (const Attribute& attribute : body.attributes) {
        look(attribute.region);
      }
      for (const Block& nested : body.blocks) {
        look(nested.region);
      }
      const bool first = before == 0;
      const bool heredoc = !first && text[before - 1] == '\n';
      const std::size_t where = heredoc ? before : line_end(text, first ? open_end : std::size_t{before});
      std::string inserted =
          heredoc ? newline + block_lines : newline + (first && lines.empty() ? "" : newline) + block_lines;
      if (!heredoc) {
        inserted.resize(inserted.size() - newline.size());
      }
      if (first && only_blank(text.substr(where, last_begin - where)) &&
          next_line(text, next_line(text, where)) > last_begin) {
        inserted += newline;
      }
      // Behind the attributes that go to the same place.
      if (!edits.empty() && edits.back().region.begin == where) {
        edits.back().text += inserted;
      } else {
        edits.push_back({at(where, where), inserted});
      }
      return edits;
    }
    const std::size_t close_line = line_begin(text, close_begin);
    const bool alone = only_blank(text.substr(close_line, close_begin - close_line));
    const bool empty = body.attributes.empty() && body.blocks.empty() && attributes_.empty();
    const std::string gap = empty ? "" : newline;
    if (alone) {
      edits.push_back({at(close_line, close_line), gap + block_lines});
    } else {
      edits.push_back({at(close_begin, close_begin), newline + gap + block_lines + outer});
    }
  }
  return edits;
}

}  // namespace gabion::engine
