#include "syntax/hcl/outline.h"

#include <tree_sitter/api.h>

#include <algorithm>
#include <array>
#include <memory>

#include "source/ascii.h"

extern "C" const TSLanguage* tree_sitter_terraform(void);

namespace gabion::syntax::hcl {

namespace {

/// A window takes milliseconds; this is for the input that nobody thought of.
constexpr std::uint64_t kTimeoutMicroseconds = 5'000'000;

struct DeleteParser {
  void operator()(TSParser* parser) const { ts_parser_delete(parser); }
};
struct DeleteTree {
  void operator()(TSTree* tree) const { ts_tree_delete(tree); }
};

/// Symbols of the grammar that mean something here.
struct Symbols {
  explicit Symbols(const TSLanguage* language) {
    const auto named = [&](std::string_view name) {
      return ts_language_symbol_for_name(language, name.data(), static_cast<std::uint32_t>(name.size()), true);
    };
    const auto anonymous = [&](std::string_view name) {
      return ts_language_symbol_for_name(language, name.data(), static_cast<std::uint32_t>(name.size()), false);
    };
    attribute = named("attribute");
    block = named("block");
    body = named("body");
    label = named("label");
    identifier = named("identifier");
    comment = named("comment");
    unclosed = named("unclosed");
    absent = named("absent");
    misplaced_newline = named("misplaced_newline");
    open_brace = anonymous("{");
    close_brace = anonymous("}");
  }
  TSSymbol attribute, block, body, label, identifier, comment, unclosed, absent, misplaced_newline, open_brace,
      close_brace;
  static constexpr TSSymbol kError = static_cast<TSSymbol>(-1);
};

/// Walks the tree once, without recursion.
class Walk {
 public:
  Walk(std::string_view text, const Symbols& symbols, Outline& result)
      : text_(text), symbols_(symbols), result_(result) {}

  void run(TSNode root) {
    contexts_.push_back({});
    frames_.push_back({Inside::kItems, 0, kNoItem, ts_node_symbol(root) == Symbols::kError});
    if (frames_.back().in_error) {
      add_damage(root, kNoItem);
    }
    TSTreeCursor cursor = ts_tree_cursor_new(root);
    if (ts_tree_cursor_goto_first_child(&cursor)) {
      for (;;) {
        const TSNode node = ts_tree_cursor_current_node(&cursor);
        const Frame inside = enter(node);
        if (ts_tree_cursor_goto_first_child(&cursor)) {
          frames_.push_back(inside);
          continue;
        }
        while (!ts_tree_cursor_goto_next_sibling(&cursor)) {
          if (!ts_tree_cursor_goto_parent(&cursor) || frames_.size() == 1) {
            ts_tree_cursor_delete(&cursor);
            return;
          }
          frames_.pop_back();
        }
      }
    }
    ts_tree_cursor_delete(&cursor);
  }

 private:
  /// What the children of a node are looked at for.
  enum class Inside : std::uint8_t { kItems, kBody, kHeader, kNothing };
  struct Frame {
    Inside inside;
    std::uint32_t context;  ///< kItems, kBody: which list of items
    std::uint32_t item;     ///< innermost item
    bool in_error;
  };
  /// One list of items. Inside an error the braces are loose tokens: `levels` are the open ones, each with the block
  /// that could be made out of what stands before it, or kNoItem when nothing in it can be trusted.
  struct Context {
    std::uint32_t owner = kNoItem;
    std::vector<std::uint32_t> levels;
    std::vector<Extent> header;
  };

  static Extent extent(TSNode node) { return {ts_node_start_byte(node), ts_node_end_byte(node)}; }

  Frame nothing(std::uint32_t item) const { return {Inside::kNothing, 0, item, false}; }

  Frame enter(TSNode node) {
    const Frame parent = frames_.back();
    const TSSymbol symbol = ts_node_symbol(node);
    if (frames_.size() == 1 && symbol != symbols_.comment) {
      result_.last_root_begin = std::max(result_.last_root_begin, ts_node_start_byte(node));
    }
    const bool error = symbol == Symbols::kError;
    const bool damage = error || symbol == symbols_.unclosed || symbol == symbols_.absent ||
                        symbol == symbols_.misplaced_newline || ts_node_is_missing(node);
    if (damage && !(error && parent.in_error)) {
      add_damage(node, parent.item);
    }
    switch (parent.inside) {
      case Inside::kNothing:
        return nothing(parent.item);
      case Inside::kHeader:
        return enter_header(node, symbol, damage, parent);
      case Inside::kBody:
        if (symbol == symbols_.open_brace && !ts_node_is_missing(node)) {
          result_.items[parent.item].open = extent(node);
          return nothing(parent.item);
        }
        if (symbol == symbols_.close_brace || symbol == symbols_.unclosed) {
          OutlineItem& block = result_.items[parent.item];
          block.close = extent(node);
          block.closed = symbol == symbols_.close_brace && !ts_node_is_missing(node);
          return nothing(parent.item);
        }
        return enter_item(node, symbol, parent);
      case Inside::kItems:
        return enter_item(node, symbol, parent);
    }
    return nothing(parent.item);
  }

  Frame enter_header(TSNode node, TSSymbol symbol, bool damage, const Frame& parent) {
    OutlineItem& block = result_.items[parent.item];
    if (symbol == symbols_.body) {
      block.header_damaged = block.header_damaged || block.type.empty();
      block.bodiless = false;
      contexts_.push_back({parent.item, {}, {}});
      return {Inside::kBody, static_cast<std::uint32_t>(contexts_.size() - 1), parent.item, false};
    }
    if (symbol == symbols_.identifier && block.type.empty()) {
      block.type = extent(node);
    } else if (symbol == symbols_.identifier || symbol == symbols_.label) {
      block.labels.push_back(extent(node));
    }
    if ((damage && symbol != symbols_.misplaced_newline && symbol != symbols_.absent) ||
        (symbol == symbols_.label && ts_node_has_error(node))) {
      block.header_damaged = true;
    }
    return nothing(parent.item);
  }

  Frame enter_item(TSNode node, TSSymbol symbol, const Frame& parent) {
    Context& context = contexts_[parent.context];
    const bool in_level = !context.levels.empty();
    const std::uint32_t owner = in_level ? context.levels.back() : context.owner;
    if (symbol == symbols_.attribute || symbol == symbols_.block) {
      context.header.clear();
      if (in_level && owner == kNoItem) {
        return nothing(parent.item);
      }
      const std::uint32_t item = add_item(symbol == symbols_.block, extent(node), owner);
      result_.items[item].bodiless = symbol == symbols_.block;
      return symbol == symbols_.block ? Frame{Inside::kHeader, 0, item, false} : nothing(item);
    }
    if (symbol == Symbols::kError) {
      return {Inside::kItems, parent.context, parent.item, true};
    }
    if (parent.in_error && !ts_node_is_missing(node)) {
      loose_token(node, symbol, context, owner);
    }
    return nothing(parent.item);
  }

  /// A token inside an error: the words before a brace may be a block's header.
  void loose_token(TSNode node, TSSymbol symbol, Context& context, std::uint32_t owner) {
    const Extent place = extent(node);
    if (symbol == symbols_.identifier || (symbol == symbols_.label && !ts_node_has_error(node))) {
      context.header.push_back(place);
      return;
    }
    if (symbol == symbols_.open_brace) {
      const bool trusted = context.levels.empty() || owner != kNoItem;
      context.levels.push_back(trusted && is_header(context.header, place) ? add_loose_block(context, place, owner)
                                                                           : kNoItem);
    } else if (symbol == symbols_.close_brace && !context.levels.empty()) {
      if (const std::uint32_t item = context.levels.back(); item != kNoItem) {
        OutlineItem& block = result_.items[item];
        block.close = place;
        block.closed = true;
        block.extent.end = place.end;
      }
      context.levels.pop_back();
    }
    if (symbol != symbols_.comment) {
      context.header.clear();
    }
  }

  /// The words begin a line and nothing but blanks stands between them and the brace.
  bool is_header(const std::vector<Extent>& words, const Extent& brace) const {
    if (words.empty() || text_[words.front().begin] == '"') {
      return false;
    }
    const auto blank = [&](std::uint32_t begin, std::uint32_t end) {
      return text_.substr(begin, end - begin).find_first_not_of(" \t") == std::string_view::npos;
    };
    const std::size_t line = text_.rfind('\n', words.front().begin);
    std::uint32_t at = line == std::string_view::npos ? 0 : static_cast<std::uint32_t>(line) + 1;
    for (const Extent& word : words) {
      if (!blank(at, word.begin)) {
        return false;
      }
      at = word.end;
    }
    return blank(at, brace.begin);
  }

  std::uint32_t add_loose_block(const Context& context, const Extent& brace, std::uint32_t owner) {
    const std::uint32_t item = add_item(true, {context.header.front().begin, brace.end}, owner);
    OutlineItem& block = result_.items[item];
    block.damaged = true;
    block.type = context.header.front();
    block.labels.assign(context.header.begin() + 1, context.header.end());
    block.open = brace;
    block.close = {brace.end, brace.end};
    return item;
  }

  std::uint32_t add_item(bool is_block, Extent place, std::uint32_t owner) {
    const auto index = static_cast<std::uint32_t>(result_.items.size());
    OutlineItem item;
    item.is_block = is_block;
    item.extent = place;
    item.parent = owner;
    item.close = {place.end, place.end};
    result_.items.push_back(std::move(item));
    if (owner == kNoItem) {
      result_.roots.push_back(index);
    } else {
      result_.items[owner].children.push_back(index);
      // A block made of loose tokens ends where its last item ends, until its brace is found.
      for (std::uint32_t up = owner; up != kNoItem && result_.items[up].extent.end < place.end;
           up = result_.items[up].parent) {
        result_.items[up].extent.end = place.end;
        result_.items[up].close = {place.end, place.end};
      }
    }
    return index;
  }

  void add_damage(TSNode node, std::uint32_t owner) {
    const TSSymbol symbol = ts_node_symbol(node);
    const DamageKind kind = symbol == Symbols::kError     ? DamageKind::kUnexpected
                            : symbol == symbols_.unclosed ? DamageKind::kUnclosed
                                                          : DamageKind::kMissing;
    result_.damages.push_back({kind, extent(node), owner});
    for (std::uint32_t item = owner; item != kNoItem && !result_.items[item].damaged;
         item = result_.items[item].parent) {
      result_.items[item].damaged = true;
    }
  }

  std::string_view text_;
  const Symbols& symbols_;
  Outline& result_;
  std::vector<Frame> frames_;
  std::vector<Context> contexts_;
};

}  // namespace

Outline outline(std::string_view text) {
  Outline result;
  const TSLanguage* const language = tree_sitter_terraform();
  const std::unique_ptr<TSParser, DeleteParser> parser(ts_parser_new());
  if (text.size() > kOutlineBytes || !ts_parser_set_language(parser.get(), language)) {
    return result;
  }
  ts_parser_set_timeout_micros(parser.get(), kTimeoutMicroseconds);
  const std::unique_ptr<TSTree, DeleteTree> tree(
      ts_parser_parse_string(parser.get(), nullptr, text.data(), static_cast<std::uint32_t>(text.size())));
  if (tree == nullptr) {
    return result;
  }
  const Symbols symbols(language);
  Walk(text, symbols, result).run(ts_tree_root_node(tree.get()));
  result.finished = true;
  return result;
}

bool begins_top_level_block(std::string_view line) {
  constexpr std::array<std::string_view, 6> kLabelled = {"resource", "data",   "variable",
                                                         "output",   "module", "provider"};
  constexpr std::array<std::string_view, 2> kUnlabelled = {"locals", "terraform"};
  const std::size_t type = std::min(line.size(), line.find_first_of(" \t\"{"));
  const std::size_t next = line.find_first_not_of(" \t", type);
  if (next == std::string_view::npos) {
    return false;
  }
  const char c = line[next];
  const bool word = source::is_letter(c) || c == '_' || static_cast<unsigned char>(c) > 0x7F;
  const auto is_type = [&](std::string_view each) { return each == line.substr(0, type); };
  return ((c == '"' || word) && std::any_of(kLabelled.begin(), kLabelled.end(), is_type)) ||
         (c == '{' && std::any_of(kUnlabelled.begin(), kUnlabelled.end(), is_type));
}

}  // namespace gabion::syntax::hcl
