#include "syntax/hcl/recovery.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "syntax/hcl/layout.h"
#include "syntax/hcl/outline.h"

namespace gabion::syntax::hcl {

namespace {

using findings::Diagnostic;
using findings::Diagnostics;
using findings::DiagnosticSeverity;

/// Diagnostics of one file; more say little to anybody.
constexpr std::size_t kMostDiagnostics = 20;
/// Strict passes over the rest of a file: each may run to its end, so that there must be few.
constexpr int kMostStrictPasses = 8;
/// Bytes of one file that are outlined: only what is hopeless needs more.
constexpr std::uint64_t kMostOutlinedBytes = std::uint64_t{2} * 1024 * 1024;

constexpr std::string_view kDuplicate = "hcl-duplicate-attribute";
constexpr std::string_view kUnclosedBlock = "hcl-unclosed-block";

/// The syntax error among the diagnostics of a strict pass (which stops at it), or null.
const Diagnostic* syntax_error(const ParsedBody& parsed) {
  for (const Diagnostic& diagnostic : parsed.diagnostics) {
    if (diagnostic.code != kDuplicate) {
      return &diagnostic;
    }
  }
  return nullptr;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

/// Lines between the markers that version control leaves, markers included.
std::vector<Extent> find_conflicts(std::string_view text, std::uint32_t from) {
  const auto marks = [&](std::size_t line, char mark) {
    constexpr std::size_t kLength = 7;
    return text.substr(line, kLength) == std::string(kLength, mark) &&
           (line + kLength == text.size() || is_blank(text[line + kLength]) || text[line + kLength] == '\n');
  };
  std::vector<Extent> conflicts;
  std::optional<std::size_t> open;
  for (std::size_t line = from; line < text.size();) {
    const std::size_t newline = text.find('\n', line);
    const std::size_t next = newline == std::string_view::npos ? text.size() : newline + 1;
    if (!open && marks(line, '<')) {
      open = line;
    } else if (open && marks(line, '>')) {
      conflicts.push_back({static_cast<std::uint32_t>(*open), static_cast<std::uint32_t>(next)});
      open.reset();
    }
    line = next;
  }
  return conflicts;
}

class Recovery {
 public:
  Recovery(const source::Artifact& artifact, source::Arena& arena, const source::Limits& limits)
      : artifact_(artifact), arena_(arena), limits_(limits), text_(artifact.bytes()) {}

  ParsedBody run() {
    ParsedBody strict = parse_file(artifact_, arena_, limits_);
    const Diagnostic* const error = syntax_error(strict);
    if (error == nullptr) {
      return strict;
    }
    Parts parts;
    std::uint32_t at = take(strict, parts, 0);
    if (parts.attributes.empty() && parts.blocks.empty() && report_foreign()) {
      return {finish(parts, artifact_.whole(), false), std::move(diagnostics_)};
    }
    at = back_off(*error, parts, at);
    conflicts_ = find_conflicts(text_, at);
    for (const Extent& conflict : conflicts_) {
      report(conflict.begin, std::min(conflict.end, conflict.begin + 7), "hcl-merge-conflict",
             "saw the markers of a merge conflict", "resolve the conflict; until then both sides are left out");
    }
    // One defect makes one message: the pass over the whole file knows best what is wrong at its first error.
    if (!in_conflict({error->region.begin, error->region.begin + 1})) {
      first_error_ = *error;
    }
    rest(at, parts);
    const Body* body = finish(parts, artifact_.whole(), false);
    settle_diagnostics();
    return {body, std::move(diagnostics_)};
  }

 private:
  struct Parts {
    std::vector<Attribute> attributes;
    std::vector<Block> blocks;
  };

  Region region(std::uint32_t begin, std::uint32_t end) const { return {artifact_.id(), begin, end}; }

  void report(std::uint32_t begin, std::uint32_t end, std::string_view code, std::string message, std::string hint) {
    diagnostics_.push_back(
        {DiagnosticSeverity::kError, std::string(code), std::move(message), std::move(hint), region(begin, end), {}});
  }

  bool in_conflict(Extent extent) const {
    const auto first = std::partition_point(conflicts_.begin(), conflicts_.end(),
                                            [&](const Extent& conflict) { return conflict.end <= extent.begin; });
    return first != conflicts_.end() && first->begin < extent.end;
  }

  /// Takes over what a strict pass parsed; returns where its last item ends (`from` when there is none).
  std::uint32_t take(const ParsedBody& parsed, Parts& parts, std::uint32_t from) {
    for (const Attribute& attribute : parsed.body->attributes) {
      from = std::max(from, attribute.region.end);
      parts.attributes.push_back(attribute);
    }
    for (const Block& block : parsed.body->blocks) {
      from = std::max(from, block.region.end);
      parts.blocks.push_back(block);
    }
    for (const Diagnostic& diagnostic : parsed.diagnostics) {
      if (diagnostic.code == kDuplicate) {
        diagnostics_.push_back(diagnostic);
      }
    }
    return from;
  }

  /// A brace too many closes a block early; the strict pass stumbles later, over the brace that is left over. Gives
  /// back the block that it seems to belong to, and what follows (see settle_stray_braces).
  std::uint32_t back_off(const Diagnostic& error, Parts& parts, std::uint32_t at) const {
    const auto column = indentation(text_, error.region.begin);
    if (error.code != "hcl-unmatched-brace" || !column) {
      return at;
    }
    for (auto block = parts.blocks.rbegin(); block != parts.blocks.rend(); ++block) {
      if (indentation(text_, block->region.begin) != column) {
        continue;
      }
      const auto brace = indentation(text_, block->close_brace().begin);
      if (!brace || *brace <= *column) {
        return at;
      }
      at = block->region.begin;
      std::erase_if(parts.attributes, [&](const Attribute& each) { return each.region.begin >= at; });
      std::erase_if(parts.blocks, [&](const Block& each) { return each.region.begin >= at; });
      return at;
    }
    return at;
  }

  /// Text that is not Terraform configuration at all: says so instead of hundreds of errors.
  bool report_foreign() {
    std::string_view head = text_.substr(0, 4096);
    const auto whole_line = [&](std::string message, std::string hint) {
      const auto end = static_cast<std::uint32_t>(std::min<std::size_t>(text_.size(), text_.find('\n')));
      report(0, end, "hcl-foreign-file", std::move(message), std::move(hint));
      return true;
    };
    if (head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF")) {
      return whole_line("saw UTF-16, expected UTF-8", "save the file as UTF-8");
    }
    if (head.starts_with("\xEF\xBB\xBF")) {
      head.remove_prefix(3);
    }
    const auto zeros = static_cast<std::size_t>(std::count(head.begin(), head.end(), '\0'));
    if (zeros > 0 && zeros >= head.size() / 16) {
      return whole_line("saw binary data, expected Terraform configuration", "remove the file or exclude it");
    }
    const std::size_t first = head.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) {
      return false;
    }
    const std::size_t second = head.find_first_not_of(" \t\r\n", first + 1);
    const char after = second == std::string_view::npos ? '\0' : head[second];
    if ((head[first] == '{' && (after == '"' || after == '}')) ||
        (head[first] == '[' && (after == '"' || after == '{' || after == '['))) {
      return whole_line("saw JSON, expected Terraform's native syntax",
                        "name the file with the extension \".tf.json\" when it is configuration");
    }
    if (head.substr(first).starts_with("---") || head.substr(first).starts_with("<?xml") ||
        head.substr(first).starts_with("<!DOCTYPE") || head.substr(first).starts_with("<html")) {
      return whole_line("saw another format, expected Terraform configuration", "remove the file or exclude it");
    }
    return false;
  }

  /// Everything from `at`, where the strict pass stopped: windows for the outline, strict passes between them.
  void rest(std::uint32_t at, Parts& parts) {
    const auto size = static_cast<std::uint32_t>(text_.size());
    std::uint64_t outlined = 0;
    for (int passes = 1; at < size;) {
      at = static_cast<std::uint32_t>(std::min(text_.size(), text_.find_first_not_of(" \t\r\n", at)));
      if (at == size) {
        return;
      }
      const std::uint32_t end = std::min(size, at + kOutlineBytes);
      outlined += end - at;
      if (outlined > kMostOutlinedBytes) {
        report(at, at, "hcl-too-damaged", "the rest of this file was not read: there are too many errors before it",
               "fix the errors above first");
        return;
      }
      const std::uint32_t stop = window(at, end, parts);
      if (stop == at) {
        const std::uint32_t next = next_top_level_block(end);
        report(at, at, "hcl-skipped-text",
               "text from here to line " + std::to_string(artifact_.lines().line(next)) +
                   " was left out: it is too long to tell what is whole",
               "fix the errors in it");
        at = next;
        continue;
      }
      at = stop;
      if (at < size && passes < kMostStrictPasses) {
        ++passes;
        const ParsedBody strict = parse_body(artifact_, region(at, size), arena_, limits_);
        at = take(strict, parts, at);
        if (syntax_error(strict) == nullptr) {
          return;
        }
      }
    }
  }

  std::uint32_t next_top_level_block(std::uint32_t from) const {
    std::size_t newline = text_.find('\n', from);
    while (newline != std::string_view::npos && !begins_top_level_block(text_.substr(newline + 1, 256))) {
      newline = text_.find('\n', newline + 1);
    }
    return static_cast<std::uint32_t>(newline == std::string_view::npos ? text_.size() : newline + 1);
  }

  /// Takes what is whole in [begin, end); returns up to where, which is `begin` when nothing can be said.
  std::uint32_t window(std::uint32_t begin, std::uint32_t end, Parts& parts) {
    std::string masked;
    std::string_view text = text_.substr(begin, end - begin);
    if (in_conflict({begin, end})) {
      masked = text;
      for (const Extent& conflict : conflicts_) {
        for (std::uint32_t i = std::max(begin, conflict.begin); i < std::min(end, conflict.end); ++i) {
          char& c = masked[i - begin];
          c = c == '\n' ? c : ' ';
        }
      }
      text = masked;
    }
    outline_ = outline(text);
    if (!outline_.finished) {
      return begin;
    }
    std::uint32_t stop = end;
    if (end < text_.size()) {
      // The last thing may go on behind the window: the next one begins with it.
      stop = begin + outline_.last_root_begin;
      if (stop <= begin) {
        return begin;
      }
    }
    base_ = begin;
    settle_conflicts();
    settle_layout(outline_, text_, base_);
    own_damage_.assign(outline_.items.size(), false);
    for (const Damage& damage : outline_.damages) {
      if (damage.owner != kNoItem) {
        own_damage_[damage.owner] = true;
      }
    }
    for (const std::uint32_t root : std::vector<std::uint32_t>(outline_.roots)) {
      if (base_ + outline_.items[root].extent.begin < stop) {
        item(root, parts, 0, static_cast<std::uint32_t>(text_.size()));
      }
    }
    std::uint32_t unclosed_at = kNoItem;
    for (const Damage& damage : outline_.damages) {
      // What ends unclosed at one place is one defect: the innermost comes first and says it.
      const bool repeated = damage.kind == DamageKind::kUnclosed && damage.extent.begin == unclosed_at;
      unclosed_at = damage.kind == DamageKind::kUnclosed ? damage.extent.begin : unclosed_at;
      if (!repeated && (base_ + damage.extent.begin < stop || stop == text_.size())) {
        report_damage(damage);
      }
    }
    return stop;
  }

  void settle_conflicts() {
    for (OutlineItem& item : outline_.items) {
      if (in_conflict({base_ + item.extent.begin, base_ + item.extent.end})) {
        item.damaged = true;
      }
      if (item.is_block && in_conflict({base_ + item.extent.begin, base_ + item.open.end})) {
        item.header_damaged = true;
      }
    }
  }

  // --- items ---

  /// Adds an attribute or block to `parts`, whole or in part, or reports it. False when it was left out. What ends
  /// behind `limit`, where the block around it ends, shares that one's brace.
  bool item(std::uint32_t index, Parts& parts, std::uint32_t depth, std::uint32_t limit) {
    const OutlineItem& item = outline_.items[index];
    const std::uint32_t begin = base_ + item.extent.begin;
    const std::uint32_t end = base_ + item.extent.end;
    std::optional<Diagnostic> rejected;
    // Where braces are missing, a brace that does not stand below its block's type may be another block's.
    const bool doubtful = (depth > 0 && closes_askew(item)) || end > limit;
    if (!item.damaged && !doubtful && stands_alone(begin, end)) {
      const ParsedBody strict = parse_body(artifact_, region(begin, end), arena_, limits_);
      const Diagnostic* const error = syntax_error(strict);
      if (error == nullptr) {
        take(strict, parts, 0);
        return true;
      }
      rejected = *error;
    }
    if (item.is_block) {
      const bool readable = !item.header_damaged && (!item.bodiless || !item.children.empty());
      return readable && depth < limits_.nesting && base_ + item.open.end <= limit &&
             broken_block(index, parts, depth, limit, rejected);
    }
    if (!in_conflict({begin, end}) && first_in_line(begin)) {
      item.lost_brace ? report_lost_brace(item) : report_attribute(begin, end);
    }
    return false;
  }

  bool closes_askew(const OutlineItem& item) const {
    if (!item.is_block || !item.closed) {
      return false;
    }
    const auto own = indentation(text_, base_ + item.type.begin);
    const auto brace = indentation(text_, base_ + item.close.begin);
    return own && brace && *own != *brace;
  }

  /// Nothing that does not belong there shares the lines of an item.
  bool stands_alone(std::uint32_t begin, std::uint32_t end) const {
    std::uint32_t before = begin;
    while (before > 0 && is_blank(text_[before - 1])) {
      --before;
    }
    const char left = before == 0 ? '\n' : text_[before - 1];
    // A comment or the byte order mark may precede; other text is what is wrong here.
    const bool left_fits = left == '\n' || left == '{' || left == '}' || left == ',' || left == '/' || left == '\xBF';
    const std::size_t after = text_.find_first_not_of(" \t\r", end);
    const char right = after == std::string_view::npos ? '\n' : text_[after];
    return left_fits && (right == '\n' || right == '#' || right == '/' || right == '}' || right == ',');
  }

  /// A block with a sound header: keeps it with what is whole inside.
  bool broken_block(std::uint32_t index, Parts& parts, std::uint32_t depth, std::uint32_t limit,
                    const std::optional<Diagnostic>& rejected) {
    const OutlineItem& item = outline_.items[index];
    std::vector<Label> labels;
    for (const Extent& extent : item.labels) {
      const std::optional<Label> label = read_label(extent);
      if (!label) {
        return false;
      }
      labels.push_back(*label);
    }
    const Extent type = shifted(item.type);
    const Extent open = shifted(item.open);
    Extent close = shifted(item.close);
    close = {std::min(close.begin, limit), std::min(close.end, limit)};
    const std::uint32_t body_end = std::max(open.end, close.begin);
    Parts inside;
    bool complete = item.closed && !closes_askew(item) && !own_damage_[index] && !in_conflict(shifted(item.extent));
    for (const std::uint32_t child : std::vector<std::uint32_t>(item.children)) {
      complete = this->item(child, inside, depth + 1, body_end) && complete;
    }
    if (rejected && complete && std::none_of(inside.blocks.begin(), inside.blocks.end(), [](const Block& block) {
          return !block.body->complete;
        })) {
      diagnostics_.push_back(*rejected);
      complete = false;
    }
    const std::uint32_t header_end = labels.empty() ? type.end : labels.back().region.end;
    const Body* const body = finish(inside, region(open.end, body_end), complete);
    parts.blocks.push_back({text_.substr(type.begin, type.end - type.begin), arena_.copy(labels), body,
                            region(type.begin, header_end), region(type.begin, std::max(open.end, close.end))});
    return true;
  }

  Extent shifted(const Extent& extent) const { return {base_ + extent.begin, base_ + extent.end}; }

  std::optional<Label> read_label(const Extent& extent) {
    const Region place = region(base_ + extent.begin, base_ + extent.end);
    if (artifact_.text(place).front() != '"') {
      return Label{artifact_.text(place), false, place};
    }
    const ParsedExpression parsed = parse_expression(artifact_, place, arena_, limits_);
    if (!parsed.ok() || parsed.expression->kind != ExpressionKind::kTemplate) {
      return std::nullopt;
    }
    const auto& text = as<TemplateExpression>(*parsed.expression);
    if (!text.is_literal()) {
      return std::nullopt;
    }
    return Label{text.literal(), true, place};
  }

  /// Sorts, drops attributes that are set a second time, and makes the body.
  const Body* finish(Parts& parts, Region place, bool complete) {
    const auto by_place = [](const auto& a, const auto& b) { return a.region.begin < b.region.begin; };
    std::stable_sort(parts.attributes.begin(), parts.attributes.end(), by_place);
    std::stable_sort(parts.blocks.begin(), parts.blocks.end(), by_place);
    std::vector<const Attribute*> by_name;
    for (const Attribute& attribute : parts.attributes) {
      by_name.push_back(&attribute);
    }
    std::stable_sort(by_name.begin(), by_name.end(),
                     [](const Attribute* a, const Attribute* b) { return a->name < b->name; });
    std::vector<std::uint32_t> repeated;
    for (std::size_t i = 1; i < by_name.size(); ++i) {
      if (by_name[i]->name == by_name[i - 1]->name) {
        repeated.push_back(by_name[i]->region.begin);
        report(by_name[i]->name_region().begin, by_name[i]->name_region().end, kDuplicate,
               "\"" + std::string(by_name[i]->name) + "\" is set a second time in this body", "keep one of the two");
      }
    }
    std::sort(repeated.begin(), repeated.end());
    std::erase_if(parts.attributes, [&](const Attribute& attribute) {
      return std::binary_search(repeated.begin(), repeated.end(), attribute.region.begin);
    });
    return arena_.make<Body>(arena_.copy(parts.attributes), arena_.copy(parts.blocks), place,
                             complete && repeated.empty());
  }

  // --- diagnostics ---

  /// True once for each line: one message is enough, and makes the work on messages linear.
  bool first_in_line(std::uint32_t offset) { return lines_seen_.insert(artifact_.lines().line(offset)).second; }

  /// What the strict parser says about [begin, end) up to the end of that line. False when it finds nothing wrong.
  bool report_strictly(std::uint32_t begin, std::uint32_t end, std::string_view expected) {
    const std::size_t newline = text_.find('\n', end > begin ? end - 1 : end);
    const auto stop = static_cast<std::uint32_t>(newline == std::string_view::npos ? text_.size() : newline + 1);
    const ParsedBody strict = parse_body(artifact_, region(begin, stop), arena_, limits_);
    const Diagnostic* const error = syntax_error(strict);
    if (error != nullptr && error->code != kUnclosedBlock) {
      diagnostics_.push_back(*error);
      return true;
    }
    if (!expected.empty()) {
      const auto line = static_cast<std::uint32_t>(std::min(text_.size(), text_.find_first_of("\r\n", begin)));
      report(begin, std::max(begin, std::min(end, line)), "hcl-expected-item",
             "saw text that does not belong here, expected " + std::string(expected),
             "look for a missing or an additional bracket or quote before it");
    }
    return false;
  }

  /// An attribute and the error of the strict pass over the whole file may be about the same defect.
  void report_attribute(std::uint32_t begin, std::uint32_t end) {
    const std::size_t before = diagnostics_.size();
    const std::size_t next = std::min(text_.size(), text_.find_first_not_of(" \t\r\n", end));
    // The strict pass may have read on into the line that follows.
    const bool same = first_error_ && first_error_->region.begin >= begin &&
                      first_error_->region.begin <= std::min(text_.size(), text_.find('\n', next));
    report_strictly(begin, end, "an attribute");
    if (diagnostics_.size() == before) {
      return;
    }
    Diagnostic& diagnostic = diagnostics_.back();
    constexpr std::string_view kEnd = "the end of the file";
    const std::size_t at = diagnostic.message.find(kEnd);
    const bool unclosed = diagnostic.code.starts_with("hcl-unclosed");
    if (unclosed && at != std::string::npos && next < text_.size()) {
      diagnostic.message.replace(at, kEnd.size(),
                                 "line " + std::to_string(artifact_.lines().line(static_cast<std::uint32_t>(next))));
    }
    if (same && unclosed) {
      first_error_ = diagnostic;
    }
    if (same) {
      diagnostics_.pop_back();
    }
  }

  void report_lost_brace(const OutlineItem& attribute) {
    const Extent place = shifted(attribute.extent);
    const std::uint32_t line = artifact_.lines().line(place.end - 1);
    report(place.begin, static_cast<std::uint32_t>(text_.find_first_of("\r\n", place.begin)), "hcl-unclosed-value",
           "a brace in the value of this attribute is not closed",
           "the \"}\" in line " + std::to_string(line) + " seems to close the block around it");
    blocks_blamed_ = true;
  }

  std::uint32_t begin_of_line(std::uint32_t offset) const {
    return artifact_.lines().begin_of_line(artifact_.lines().line(offset));
  }

  void report_damage(const Damage& damage) {
    const Extent place = shifted(damage.extent);
    if (in_conflict({place.begin, std::max(place.end, place.begin + 1)})) {
      return;
    }
    const OutlineItem* const owner = damage.owner == kNoItem ? nullptr : &outline_.items[damage.owner];
    if (owner != nullptr && !owner->is_block) {
      return;  // reported with the attribute
    }
    if (owner != nullptr && damage.kind == DamageKind::kUnclosed && !owner->header_damaged) {
      report_unclosed(*owner);
      return;
    }
    if (!first_in_line(place.begin)) {
      return;
    }
    if (damage.kind == DamageKind::kUnexpected) {
      report_unexpected(place);
      return;
    }
    // Something is missing in a line, or in a block's header.
    const std::uint32_t begin = begin_of_line(place.begin);
    report_strictly(begin, place.end, {});
  }

  void report_unexpected(const Extent& place) {
    if (text_[place.begin] == '}') {
      report(place.begin, place.begin + 1, "hcl-unmatched-brace", "saw \"}\" without a block that it could close",
             "remove it, or look for a brace that closes a block too early");
      return;
    }
    const std::uint32_t begin = begin_of_line(place.begin);
    const std::size_t before = diagnostics_.size();
    // The whole line first: what is unexpected is often right, and what precedes it wrong.
    if (report_strictly(begin, place.end, {}) && diagnostics_[before].region.begin <= place.end) {
      return;
    }
    diagnostics_.resize(before);
    report_strictly(place.begin, place.end, "an attribute, a block or the end of the body");
  }

  void report_unclosed(const OutlineItem& block) {
    const Extent open = shifted(block.open);
    const Extent type = shifted(block.type);
    std::string name(text_.substr(type.begin, type.end - type.begin));
    for (const Extent& label : block.labels) {
      const Extent place = shifted(label);
      name += ' ';
      name += text_.substr(place.begin, place.end - place.begin);
    }
    const std::uint32_t line = artifact_.lines().line(open.begin);
    report(open.begin, open.end, kUnclosedBlock, "the block " + name + " is not closed",
           "add the \"}\" that matches the \"{\" in line " + std::to_string(line));
    blocks_blamed_ = true;
  }

  /// Order, one message for one line, and an end to it.
  void settle_diagnostics() {
    // The strict pass blames the outermost block when a brace is missing; the layout knows better.
    if (first_error_ && !(first_error_->code == kUnclosedBlock && blocks_blamed_)) {
      diagnostics_.insert(diagnostics_.begin(), *first_error_);
    }
    std::stable_sort(diagnostics_.begin(), diagnostics_.end(),
                     [](const Diagnostic& a, const Diagnostic& b) { return a.region.begin < b.region.begin; });
    const source::LineIndex& lines = artifact_.lines();
    Diagnostics kept;
    for (Diagnostic& diagnostic : diagnostics_) {
      const std::uint32_t line = lines.line(diagnostic.region.begin);
      if (!kept.empty() && lines.line(kept.back().region.begin) == line) {
        // The strict pass over the whole file has the last word on its line.
        if (first_error_ && diagnostic.region == first_error_->region) {
          kept.back() = std::move(diagnostic);
        }
        continue;
      }
      kept.push_back(std::move(diagnostic));
    }
    if (kept.size() > kMostDiagnostics) {
      const std::size_t more = kept.size() - kMostDiagnostics;
      const Region at = kept[kMostDiagnostics].region;
      kept.resize(kMostDiagnostics);
      kept.push_back({DiagnosticSeverity::kNote,
                      "hcl-further-errors",
                      "there are further errors in this file: " + std::to_string(more),
                      "fix the errors above first",
                      at,
                      {}});
    }
    diagnostics_ = std::move(kept);
  }

  const source::Artifact& artifact_;
  source::Arena& arena_;
  const source::Limits& limits_;
  std::string_view text_;
  std::vector<Extent> conflicts_;
  Diagnostics diagnostics_;
  std::optional<Diagnostic> first_error_;
  bool blocks_blamed_ = false;
  std::unordered_set<std::uint32_t> lines_seen_;
  Outline outline_;               ///< of the current window
  std::vector<bool> own_damage_;  ///< by item: damaged itself, not only inside of its items
  std::uint32_t base_ = 0;        ///< where that window begins
};

}  // namespace

ParsedBody parse_tolerantly(const source::Artifact& artifact, source::Arena& arena, const source::Limits& limits) {
  return Recovery(artifact, arena, limits).run();
}

}  // namespace gabion::syntax::hcl
