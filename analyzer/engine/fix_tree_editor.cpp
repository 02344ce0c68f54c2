#include <algorithm>
#include <iterator>
#include <optional>

#include "engine/fix_text.h"
#include "engine/fix_tree.h"
#include "source/ascii.h"

namespace gabion::engine {
namespace {

/// Where the children of a container stand.
std::vector<source::Region> places(const FixNode& container) {
  std::vector<source::Region> result;
  for (const FixItem& item : container.items) {
    result.push_back(item.region);
  }
  for (const FixNode& element : container.elements) {
    result.push_back(element.region);
  }
  return result;
}

bool is_heredoc(std::string_view text, source::Region region) {
  return text.substr(region.begin, 2) == "<<";
}

/// Is it the ARN of one resource, by name: surely one text, where any other expression may be a list?
bool is_arn_of_resource(std::string_view expression) {
  const auto named = [](char c) { return source::is_alphanumeric(c) || c == '_' || c == '-' || c == '.'; };
  return expression.starts_with("aws_") && expression.ends_with(".arn") && std::ranges::all_of(expression, named) &&
         std::ranges::count(expression, '.') == 2;
}

/// Indentation of what is inside of an object that begins a line of its own; empty for others.
std::string_view inner_indentation(std::string_view text, const FixNode& element) {
  const bool begun = element.kind == FixNode::Kind::kObject && !element.items.empty() &&
                     line_begin(text, element.items.front().region.begin) > element.region.begin;
  return begun ? indentation_at(text, element.items.front().region.begin) : std::string_view();
}

/// That of the end of an element, if its line begins with it.
std::optional<std::string_view> closing_indentation(std::string_view text, const FixNode& element) {
  const std::size_t close = element.region.end - 1;
  const std::size_t line = line_begin(text, close);
  const std::string_view before = text.substr(line, close - line);
  return only_blank(before) ? std::optional(before) : std::nullopt;
}

}  // namespace

FixStyle TreeEditor::style_at(std::size_t offset, const FixNode* container) const {
  const std::string_view text = text_;
  FixStyle style;
  style.json = notation_ != Notation::kHcl;
  style.heredoc = notation_ == Notation::kTemplate;
  style.syntax = notation_ == Notation::kJson && is_json_configuration(artifact_.path());
  style.indent = indentation_at(text, offset);
  style.step = indentation_step(text);
  style.newline = newline_near(text, offset);
  style.separator = style.json ? ": " : " = ";
  style.compact = style.json && text.find('\n') >= text.find_last_not_of(" \t\r\n");
  if (style.compact && text.find("\": ") == std::string_view::npos && text.find("\":") != std::string_view::npos) {
    style.separator = ":";
    style.comma = ",";
  }
  if (container == nullptr) {
    return style;
  }
  // One level of indentation, from a container that stands on several lines.
  const std::string_view outer = indentation_at(text, container->region.begin);
  for (const source::Region& place : places(*container)) {
    const std::string_view inner = indentation_at(text, place.begin);
    if (inner.size() > outer.size() && inner.starts_with(outer) &&
        line_begin(text, place.begin) != line_begin(text, container->region.begin)) {
      style.step = inner.substr(outer.size());
      break;
    }
  }
  for (const FixItem& item : container->items) {
    style.quoted_keys = !style.json && text[item.key_region.begin] == '"';
    const std::string_view between = text.substr(item.key_region.end, item.value->region.begin - item.key_region.end);
    if (style.json) {
      style.separator = between.find('\n') == std::string_view::npos ? std::string(between) : ": ";
    } else if (between.find(':') != std::string_view::npos) {
      style.separator = between.starts_with(' ') ? " : " : ": ";
    } else if (between == "=") {
      style.separator = "=";
    }
    break;
  }
  return style;
}

namespace {

/// The node with places in the text instead of places in the file.
FixNode moved(const FixNode& node, const EscapedText& text) {
  FixNode result{.kind = node.kind, .region = text.inside(node.region), .text = node.text, .items = {}, .elements = {}};
  for (const FixItem& item : node.items) {
    result.items.push_back({item.key, text.inside(item.key_region), text.inside(item.region),
                            std::make_shared<FixNode>(moved(*item.value, text))});
  }
  for (const FixNode& element : node.elements) {
    result.elements.push_back(moved(element, text));
  }
  return result;
}

}  // namespace

bool TreeEditor::edit(const FixNode& node, Edits& edits,
                      const std::function<bool(const FixNode& node, Edits& edits)>& make) const {
  if (escaped_ == nullptr) {
    return make(node, edits);
  }
  Edits here;
  Edits written;
  if (!make(moved(node, *escaped_), here)) {
    return false;
  }
  for (const findings::Edit& one : here) {
    auto in_file = escaped_->in_file(one);
    if (!in_file) {
      return false;
    }
    written.push_back(std::move(*in_file));
  }
  edits.insert(edits.end(), std::make_move_iterator(written.begin()), std::make_move_iterator(written.end()));
  return true;
}

bool TreeEditor::replace(const FixNode& node, const FixValue& value, std::vector<findings::Edit>& edits) const {
  return edit(node, edits, [&](const FixNode& here, Edits& made) { return replace_here(here, value, made); });
}

bool TreeEditor::add_first(const FixNode& object, std::string_view key, const FixValue& value,
                           std::vector<findings::Edit>& edits) const {
  return edit(object, edits, [&](const FixNode& here, Edits& made) { return add_first_here(here, key, value, made); });
}

bool TreeEditor::add_member(const FixNode& object, std::string_view key, const FixValue& value,
                            std::vector<findings::Edit>& edits) const {
  return edit(object, edits, [&](const FixNode& here, Edits& made) { return add_member_here(here, key, value, made); });
}

bool TreeEditor::add_elements(const FixNode& list, const std::vector<FixValue>& values,
                              std::vector<findings::Edit>& edits) const {
  return edit(list, edits, [&](const FixNode& here, Edits& made) { return add_elements_here(here, values, made); });
}

bool TreeEditor::remove(const FixNode& container, const std::vector<std::size_t>& which,
                        std::vector<findings::Edit>& edits, bool may_empty) const {
  return edit(container, edits,
              [&](const FixNode& here, Edits& made) { return remove_here(here, which, made, may_empty); });
}

bool TreeEditor::rename(const FixItem& item, std::string_view key, std::vector<findings::Edit>& edits) const {
  FixNode name;
  name.region = item.key_region;
  return edit(name, edits, [&](const FixNode& here, Edits& made) {
    FixStyle style = style_at(here.region.begin, nullptr);
    style.quoted_keys = text_.substr(here.region.begin, here.region.size()).starts_with('"');
    made.push_back({here.region, print_key(key, style)});
    return true;
  });
}

bool TreeEditor::replace_here(const FixNode& node, const FixValue& value, Edits& edits) const {
  const FixStyle style = style_at(node.region.begin, nullptr);
  const std::optional<std::string> text = print(value, style);
  if (!text) {
    return false;
  }
  edits.push_back({node.region, *text});
  return true;
}

bool TreeEditor::add_first_here(const FixNode& object, std::string_view key, const FixValue& value,
                                Edits& edits) const {
  if (object.kind != FixNode::Kind::kObject || object.items.empty()) {
    return add_member_here(object, key, value, edits);
  }
  const std::string_view text = text_;
  const std::size_t first = object.items.front().region.begin;
  const FixStyle style = style_at(first, &object);
  const auto written = print(value, style);
  if (!written) {
    return false;
  }
  const bool own_line = line_begin(text, first) != line_begin(text, object.region.begin);
  const std::string between = own_line        ? style.newline + std::string(indentation_at(text, first))
                              : style.compact ? style.comma.substr(1)
                                              : " ";
  edits.push_back({at(first, first), print_key(key, style) + style.separator + *written +
                                         (style.json || !own_line ? "," : "") + between});
  return true;
}

bool TreeEditor::add_member_here(const FixNode& object, std::string_view key, const FixValue& value,
                                 Edits& edits) const {
  if (object.kind != FixNode::Kind::kObject) {
    return false;
  }
  const std::string_view text = text_;
  FixStyle style = style_at(object.region.begin, &object);
  const std::size_t close = object.region.end - 1;
  if (object.items.empty()) {
    const bool several = text.substr(object.region.begin, object.region.size()).find('\n') != std::string_view::npos;
    const std::string outer = style.indent;
    if (several) {
      style.indent += style.step;
    }
    const auto written = print(value, style);
    if (!written) {
      return false;
    }
    const std::string line = print_key(key, style) + style.separator + *written;
    if (several) {
      const std::size_t where = line_begin(text, close);
      edits.push_back({at(where, where), style.indent + line + style.newline});
    } else {
      edits.push_back({at(object.region.begin + 1, close), style.json ? line : " " + line + " "});
    }
    return true;
  }
  const FixItem& last = object.items.back();
  const bool one_line = text.substr(object.region.begin, object.region.size()).find('\n') == std::string_view::npos;
  const bool shares_line = line_begin(text, last.region.begin) == line_begin(text, object.region.begin);
  const std::size_t comma = comma_behind(text, last.region.end, close);
  const bool ends_line = line_begin(text, close) != line_begin(text, last.region.end);
  if (one_line || shares_line || !ends_line) {
    // { a = 1 }, {a = { ... }} and what closes on the line of its last member: behind that.
    style.indent = indentation_at(text, last.region.begin);
    const auto written = print(value, style);
    if (!written) {
      return false;
    }
    const std::size_t begin = line_begin(text, last.region.begin);
    const bool own_line = !shares_line && only_blank(text.substr(begin, last.region.begin - begin));
    const std::string between = own_line ? "," + style.newline + style.indent : style.comma;
    const std::size_t where = comma == std::string_view::npos ? last.region.end : comma;
    edits.push_back({at(where, where), between + print_key(key, style) + style.separator + *written});
    return true;
  }
  style.indent = indentation_at(text, last.region.begin);
  const auto written = print(value, style);
  if (!written) {
    return false;
  }
  std::string name = print_key(key, style);
  std::string gap;
  if (!style.json && style.separator == " = " && written->find('\n') == std::string::npos &&
      line_end(text, last.region.begin) >= last.region.end) {
    // In the column of the equals signs above.
    const std::size_t equals = text.find('=', last.key_region.end) - last.key_region.begin;
    if (name.size() + 1 < equals) {
      name.append(equals - name.size() - 1, ' ');
    } else if (name.size() + 1 > equals && !style.quoted_keys) {
      gap = style.newline;  // a group of its own, so that no other line moves
    }
  }
  const std::string line = name + style.separator + *written;
  if (comma != std::string_view::npos) {
    const std::size_t where = line_end(text, comma);
    edits.push_back({at(where, where), gap + style.newline + style.indent + line + (style.json ? "" : ",")});
    return true;
  }
  // Members of HCL objects are separated by line ends or by commas: as the ones above are. Behind the end of a heredoc
  // nothing else can stand on the line.
  const bool heredoc = !style.json && is_heredoc(text, last.value->region);
  const bool commas = style.json || (!heredoc && object.items.size() > 1 &&
                                     comma_behind(text, object.items[object.items.size() - 2].region.end,
                                                  last.region.begin) != std::string_view::npos);
  if (commas) {
    edits.push_back({at(last.region.end, last.region.end), ","});
  }
  const std::size_t where = line_end(text, last.region.end);
  if (commas && where == last.region.end) {
    edits.back().text += gap + style.newline + style.indent + line;
  } else {
    edits.push_back({at(where, where), gap + style.newline + style.indent + line});
  }
  return true;
}

std::string TreeEditor::shift_of_separators(const FixNode& list) const {
  const std::string_view text = text_;
  if (notation_ != Notation::kHcl || list.elements.empty()) {
    return {};
  }
  for (std::size_t i = 0; i + 1 < list.elements.size(); ++i) {
    if (closing_indentation(text, list.elements[i]) != inner_indentation(text, list.elements[i])) {
      return {};  // the ones above are written in another way
    }
  }
  const std::string_view inner = inner_indentation(text, list.elements.back());
  const auto closing = closing_indentation(text, list.elements.back());
  return closing && inner.starts_with(*closing) ? std::string(inner.substr(closing->size())) : std::string();
}

bool TreeEditor::add_elements_here(const FixNode& list, const std::vector<FixValue>& values, Edits& edits) const {
  const std::string_view text = text_;
  if (values.empty()) {
    return false;
  }
  // `shift` goes before the line with "}, {".
  const auto print_all = [&](const FixStyle& style, std::string_view separator,
                             std::string_view shift = {}) -> std::optional<std::string> {
    std::string result;
    for (const FixValue& value : values) {
      const auto written = print(value, style);
      if (!written) {
        return std::nullopt;
      }
      if (!result.empty()) {
        const std::size_t line = result.rfind('\n');
        if (line != std::string::npos && written->find('\n') != std::string::npos) {
          result.insert(line + 1, shift);
        }
        result += separator;
      }
      result += *written;
    }
    return result;
  };
  if (list.kind != FixNode::Kind::kList) {
    // A single value: "x" becomes ["x", "y"], also { ... } becomes [{ ... }, { ... }].
    const FixStyle style = style_at(list.region.begin, nullptr);
    const bool opaque = list.kind == FixNode::Kind::kOpaque;
    const bool editable = !opaque || (!style.json && !is_heredoc(text, list.region));
    const auto written = editable ? print_all(style, style.comma) : std::nullopt;
    if (!written) {
      return false;
    }
    const bool may_be_list = opaque && !is_arn_of_resource(text.substr(list.region.begin, list.region.size()));
    edits.push_back({at(list.region.begin, list.region.begin), may_be_list ? "flatten([" : "["});
    edits.push_back({at(list.region.end, list.region.end), style.comma + *written + (may_be_list ? "])" : "]")});
    return true;
  }
  const std::size_t close = list.region.end - 1;
  if (list.elements.empty()) {
    FixStyle style = style_at(list.region.begin, &list);
    const auto written = print_all(style, ", ");
    if (!written) {
      return false;
    }
    edits.push_back({at(list.region.begin + 1, close), *written});
    return true;
  }
  const FixNode& last = list.elements.back();
  FixStyle style = style_at(last.region.begin, &list);
  if (last.kind == FixNode::Kind::kObject) {
    // New objects are written like the one before.
    const FixStyle like = style_at(last.region.begin, &last);
    style.quoted_keys = like.quoted_keys;
    style.separator = like.separator;
    style.step = like.step;
    style.multi_line = text.substr(last.region.begin, last.region.size()).find('\n') != std::string_view::npos;
  }
  const std::size_t comma = comma_behind(text, last.region.end, close);
  const bool own_line = only_blank(
      text.substr(line_begin(text, last.region.begin), last.region.begin - line_begin(text, last.region.begin)));
  if (!own_line) {
    // ["a", "b"] and [{ ... }]: behind the last one, on its line.
    const std::string shift = shift_of_separators(list);
    if (!shift.empty()) {
      style.indent = *closing_indentation(text, last);
    }
    const auto written = print_all(style, style.comma, shift);
    if (!written) {
      return false;
    }
    if (!shift.empty() && written->find('\n') != std::string::npos) {
      const std::size_t line = line_begin(text, last.region.end);
      edits.push_back({at(line, line), shift});
    }
    const std::size_t where = comma == std::string_view::npos ? last.region.end : comma;
    edits.push_back({at(where, where), style.comma + *written});
    return true;
  }
  const auto written = print_all(style, "," + style.newline + style.indent);
  if (!written) {
    return false;
  }
  if (line_begin(text, close) == line_begin(text, last.region.end)) {
    // What closes the list on the line of its last element stays behind the new ones.
    const std::size_t where = comma == std::string_view::npos ? last.region.end : comma;
    edits.push_back({at(where, where), "," + style.newline + style.indent + *written});
    return true;
  }
  if (comma != std::string_view::npos) {
    const std::size_t where = line_end(text, comma);
    edits.push_back({at(where, where), style.newline + style.indent + *written + (style.json ? "" : ",")});
    return true;
  }
  if (!style.json && is_heredoc(text, last.region)) {
    // Nothing else can stand on the line that ends it, so the comma is on the next one.
    const std::size_t below = line_end(text, last.region.end);
    edits.push_back({at(below, below), style.newline + style.indent + ", " + *written});
    return true;
  }
  const std::size_t where = line_end(text, last.region.end);
  if (where == last.region.end) {
    edits.push_back({at(where, where), "," + style.newline + style.indent + *written});
  } else {
    edits.push_back({at(last.region.end, last.region.end), ","});
    edits.push_back({at(where, where), style.newline + style.indent + *written});
  }
  return true;
}

bool TreeEditor::remove_here(const FixNode& container, const std::vector<std::size_t>& which, Edits& edits,
                             bool may_empty) const {
  const std::string_view text = text_;
  const std::vector<source::Region> all = places(container);
  if (which.empty() || (which.size() == all.size() && !may_empty)) {
    return false;
  }
  if (which.size() == all.size()) {
    edits.push_back({at(all.front().begin, all.back().end), ""});
    return true;
  }
  const std::size_t close = container.region.end - 1;
  // What is said on the line of a child goes with it.
  const auto rest_goes = [&](std::string_view rest) {
    return notation_ == Notation::kHcl ? only_comment(rest) : only_blank(rest);
  };
  const auto gone = [&](std::size_t i) { return std::find(which.begin(), which.end(), i) != which.end(); };
  std::size_t last_kept = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    last_kept = gone(i) ? last_kept : i;
  }
  const bool trailing = comma_behind(text, all.back().end, close) != std::string_view::npos;
  if (last_kept + 1 < all.size()) {
    // Everything behind the last one that stays goes; so does the comma before it, unless the style has one there.
    const std::size_t comma = comma_behind(text, all[last_kept].end, all[last_kept + 1].begin);
    const std::size_t end_comma =
        trailing ? comma_behind(text, all.back().end, close) + 1 : std::size_t{all.back().end};
    const std::size_t from_line = line_begin(text, all[last_kept + 1].begin);
    const std::size_t to_line = line_end(text, end_comma);
    const bool own_lines = only_blank(text.substr(from_line, all[last_kept + 1].begin - from_line)) &&
                           rest_goes(text.substr(end_comma, to_line - end_comma)) && all[last_kept].end <= from_line;
    if (comma != std::string_view::npos && !(trailing && own_lines)) {
      if (!own_lines) {
        edits.push_back({at(comma, trailing ? end_comma - 1 : end_comma), ""});
      } else {
        edits.push_back({at(comma, comma + 1), ""});
      }
    }
    if (own_lines) {
      edits.push_back({at(from_line, next_line(text, end_comma)), ""});
    } else if (comma == std::string_view::npos) {
      edits.push_back({at(all[last_kept].end, end_comma), ""});
    }
    if (!own_lines && container.kind == FixNode::Kind::kList) {
      // What stood before "}, {" comes before "}]".
      const auto closing = closing_indentation(text, container.elements[last_kept]);
      const auto wanted = closing_indentation(text, container.elements.back());
      if (closing && wanted && closing->size() > wanted->size() && closing->starts_with(*wanted)) {
        const std::size_t line = line_begin(text, all[last_kept].end - 1);
        edits.push_back({at(line + wanted->size(), line + closing->size()), ""});
      }
    }
  }
  for (std::size_t i = 0; i < last_kept; ++i) {
    if (!gone(i)) {
      continue;
    }
    const std::size_t comma = comma_behind(text, all[i].end, all[i + 1].begin);
    const std::size_t end = comma == std::string_view::npos ? std::size_t{all[i].end} : comma + 1;
    const std::size_t from_line = line_begin(text, all[i].begin);
    const bool own_lines = only_blank(text.substr(from_line, all[i].begin - from_line)) &&
                           rest_goes(text.substr(end, line_end(text, end) - end)) &&
                           next_line(text, end) <= all[i + 1].begin;
    if (own_lines) {
      edits.push_back({at(from_line, next_line(text, end)), ""});
    } else {
      edits.push_back({at(all[i].begin, all[i + 1].begin), ""});
    }
  }
  return true;
}

}  // namespace gabion::engine
