// What the grammar makes of a file, as a text that can be compared with the strict parser's tree. Used by the agreement
// test; steps after an expression are a flat list, and the text of templates is left out.
#pragma once

#include <tree_sitter/api.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

extern "C" const TSLanguage* tree_sitter_terraform(void);

namespace gabion::syntax::hcl::test {

inline std::string range(std::uint32_t begin, std::uint32_t end) {
  return "@" + std::to_string(begin) + "-" + std::to_string(end);
}

class GrammarSketch {
 public:
  explicit GrammarSketch(std::string_view bytes)
      : bytes_(bytes), parser_(ts_parser_new(), ts_parser_delete), tree_(nullptr, ts_tree_delete) {
    if (ts_parser_set_language(parser_.get(), tree_sitter_terraform())) {
      tree_.reset(
          ts_parser_parse_string(parser_.get(), nullptr, bytes.data(), static_cast<std::uint32_t>(bytes.size())));
    }
  }

  /// The items of the file.
  std::string file() { return of(ts_tree_root_node(tree_.get())); }
  /// False with any sign of damage.
  [[nodiscard]] bool valid() const { return tree_ != nullptr && valid(ts_tree_root_node(tree_.get())); }

 private:
  std::string of(TSNode body) {
    std::string text;
    for (const TSNode node : children(body, true)) {
      if (is(node, "attribute")) {
        text += '\n' + word(field(node, "name")) + place(node) + " = " + expression(field(node, "value"));
      } else if (is(node, "block")) {
        text += '\n' + word(field(node, "type")) + place(node);
        for (const TSNode part : children(node, true)) {
          if (is(part, "label") || (is(part, "identifier") && ts_node_start_byte(part) != ts_node_start_byte(node))) {
            text += " label" + place(part);
          }
        }
        const TSNode inside = field(node, "body");
        text += " {" + range(ts_node_start_byte(field(inside, "open")), ts_node_start_byte(field(inside, "close"))) +
                of(inside) + "\n}";
      } else if (!is(node, "comment")) {
        text += '\n' + std::string(ts_node_type(node));
      }
    }
    return text;
  }

  static bool valid(TSNode root) {
    if (ts_node_has_error(root)) {
      return false;
    }
    TSTreeCursor cursor = ts_tree_cursor_new(root);
    bool sound = true;
    for (bool more = true; more && sound;) {
      const TSNode node = ts_tree_cursor_current_node(&cursor);
      sound = !is(node, "unclosed") && !is(node, "absent") && !is(node, "misplaced_newline");
      more = ts_tree_cursor_goto_first_child(&cursor);
      while (!more && !ts_tree_cursor_goto_next_sibling(&cursor)) {
        if (!ts_tree_cursor_goto_parent(&cursor)) {
          ts_tree_cursor_delete(&cursor);
          return sound;
        }
      }
      more = true;
    }
    ts_tree_cursor_delete(&cursor);
    return sound;
  }

  static bool is(TSNode node, std::string_view type) { return ts_node_type(node) == type; }
  static std::string place(TSNode node) { return range(ts_node_start_byte(node), ts_node_end_byte(node)); }
  std::string word(TSNode node) const {
    return std::string(bytes_.substr(ts_node_start_byte(node), ts_node_end_byte(node) - ts_node_start_byte(node)));
  }
  static TSNode field(TSNode node, std::string_view name) {
    return ts_node_child_by_field_name(node, name.data(), static_cast<std::uint32_t>(name.size()));
  }
  static std::vector<TSNode> children(TSNode node, bool named) {
    std::vector<TSNode> result;
    TSTreeCursor cursor = ts_tree_cursor_new(node);
    if (ts_tree_cursor_goto_first_child(&cursor)) {
      do {
        const TSNode child = ts_tree_cursor_current_node(&cursor);
        if (!is(child, "comment") && (!named || ts_node_is_named(child))) {
          result.push_back(child);
        }
      } while (ts_tree_cursor_goto_next_sibling(&cursor));
    }
    ts_tree_cursor_delete(&cursor);
    return result;
  }
  static bool has_token(TSNode node, std::string_view token) {
    const std::vector<TSNode> all = children(node, false);
    return std::any_of(all.begin(), all.end(), [&](TSNode child) { return is(child, token); });
  }

  std::string expression(TSNode node) {
    std::string base;
    std::string steps;
    flatten(node, base, steps);
    return steps.empty() ? base : "(" + base + steps + ")";
  }

  std::string all(const std::vector<TSNode>& nodes, std::size_t from) {
    std::string text;
    for (std::size_t i = from; i < nodes.size(); ++i) {
      text += ' ' + expression(nodes[i]);
    }
    return text;
  }

  void flatten(TSNode node, std::string& base, std::string& steps) {
    const std::vector<TSNode> parts = children(node, true);
    if (is(node, "attribute_access")) {
      flatten(parts[0], base, steps);
      steps += is(parts[1], "identifier") ? ".a" : ".n";
    } else if (is(node, "splat")) {
      flatten(parts[0], base, steps);
      steps += has_token(node, ".") ? ".*" : "[*]";
    } else if (is(node, "index")) {
      flatten(parts[0], base, steps);
      const std::string key = expression(parts[1]);
      const bool text = key == "(quoted)" || key == "(heredoc)";
      steps += key == "number" ? "[n]" : text ? "[s]" : '[' + key + ']';
    } else {
      base = simple(node, parts);
    }
  }

  std::string simple(TSNode node, const std::vector<TSNode>& parts) {
    const std::string_view type = ts_node_type(node);
    if (type == "variable") {
      return "var";
    }
    if (type == "template" || type == "heredoc") {
      return (type == "template" ? "(quoted" : "(heredoc") + sequence(parts, 0, parts.size()) + ")";
    }
    if (type == "call") {
      std::size_t first = 0;
      while (first < parts.size() && is(parts[first], "identifier")) {
        ++first;
      }
      return "(call" + all(parts, first) + (has_token(node, "...") ? "...)" : ")");
    }
    if (type == "conditional") {
      return "(?" + all(parts, 0) + ")";
    }
    if (type == "binary") {
      for (const TSNode child : children(node, false)) {
        if (!ts_node_is_named(child)) {
          return "(op" + place(child) + all(parts, 0) + ")";
        }
      }
    }
    if (type == "unary") {
      return "(un" + all(parts, 0) + ")";
    }
    if (type == "parentheses") {
      return "(paren" + all(parts, 0) + ")";
    }
    if (type == "tuple") {
      return "(tuple" + all(parts, 0) + ")";
    }
    if (type == "object") {
      std::string text = "(object";
      for (const TSNode item : parts) {
        // A bare word is a name as a key, even "true" and "null".
        const TSNode key = field(item, "key");
        text += ' ' + (is(key, "literal") ? "var" : expression(key)) + '=' + expression(field(item, "value"));
      }
      return text + ")";
    }
    if (type == "for_tuple" || type == "for_object") {
      const std::size_t names = is(parts[1], "identifier") ? 2 : 1;
      return (type == "for_tuple" ? "(for-tuple " : "(for-object ") + std::to_string(names) + all(parts, names) +
             (has_token(node, "...") ? "...)" : ")");
    }
    return std::string(type);
  }

  std::string sequence(const std::vector<TSNode>& parts, std::size_t from, std::size_t to) {
    std::string text;
    for (std::size_t i = from; i < to; ++i) {
      const std::vector<TSNode> inside = children(parts[i], true);
      if (is(parts[i], "interpolation")) {
        text += " ${" + expression(inside[0]) + "}";
      } else if (is(parts[i], "template_for")) {
        const std::size_t names = is(inside[1], "identifier") ? 2 : 1;
        text += " %for{" + std::to_string(names) + ' ' + expression(inside[names]) +
                sequence(inside, names + 1, inside.size()) + "}";
      } else if (is(parts[i], "template_if")) {
        text += " %if{" + directive(children(parts[i], false)) + "}";
      }
    }
    return text;
  }

  std::string directive(const std::vector<TSNode>& all) {
    std::string text;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const bool condition = text.empty() && ts_node_is_named(all[i]);
      text += condition ? expression(all[i]) : is(all[i], "else") ? " else" : sequence(all, i, i + 1);
    }
    return text;
  }

  std::string_view bytes_;
  std::unique_ptr<TSParser, void (*)(TSParser*)> parser_;
  std::unique_ptr<TSTree, void (*)(TSTree*)> tree_;
};

}  // namespace gabion::syntax::hcl::test
