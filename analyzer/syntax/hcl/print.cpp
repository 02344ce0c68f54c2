#include "syntax/hcl/print.h"

#include <algorithm>
#include <array>
#include <vector>

#include "syntax/hcl/characters.h"

namespace gabion::syntax::hcl {

namespace {

using source::Artifact;

/// Calls one of both for each attribute and block of a body, in the order in which they are written.
template <class OnAttribute, class OnBlock>
void for_each_item(const Body& body, const OnAttribute& on_attribute, const OnBlock& on_block) {
  auto attribute = body.attributes.begin();
  auto block = body.blocks.begin();
  while (attribute != body.attributes.end() || block != body.blocks.end()) {
    const bool attribute_first = block == body.blocks.end() ||
                                 (attribute != body.attributes.end() && attribute->region.begin < block->region.begin);
    if (attribute_first) {
      on_attribute(*attribute++);
    } else {
      on_block(*block++);
    }
  }
}

// --- back to the source ---

/// Writes the tree's tokens in order. What lies between two tokens is copied only when it is white space, comments,
/// punctuation or keywords of the grammar, so a name, number, operator or text that the tree lost goes missing.
class SourcePrinter {
 public:
  explicit SourcePrinter(const Artifact& artifact) : bytes_(artifact.bytes()) {}

  std::string print(const Body& root) {
    position_ = root.region.begin;
    out_.reserve(root.region.size());
    if (bytes_.substr(position_).starts_with("\xEF\xBB\xBF")) {
      copy_to(position_ + 3);
    }
    body(root);
    gap_to(root.region.end);
    return std::move(out_);
  }

 private:
  void body(const Body& body) {
    for_each_item(
        body,
        [&](const Attribute& attribute) {
          token(attribute.name_region());
          expression(*attribute.expression);
        },
        [&](const Block& block) {
          token({block.region.artifact, block.region.begin,
                 block.region.begin + static_cast<std::uint32_t>(block.type.size())});
          for (const Label& label : block.labels) {
            token(label.region);
          }
          token(block.open_brace());
          this->body(*block.body);
          token(block.close_brace());
        });
  }

  /// Expressions that lean to the left may be very deep; their spine is walked, not recursed into.
  void expression(const Expression& outer) {
    std::vector<const Expression*> spine;
    const Expression* current = &outer;
    for (;;) {
      const Expression* next = nullptr;
      switch (current->kind) {
        case ExpressionKind::kBinary:
          next = as<BinaryExpression>(*current).left;
          break;
        case ExpressionKind::kIndex:
          next = as<IndexExpression>(*current).base;
          break;
        case ExpressionKind::kRelative:
          next = as<RelativeTraversal>(*current).base;
          break;
        case ExpressionKind::kSplat:
          next = as<SplatExpression>(*current).base;
          break;
        default:
          break;
      }
      if (next == nullptr) {
        break;
      }
      spine.push_back(current);
      current = next;
    }
    term(*current);
    for (auto node = spine.rbegin(); node != spine.rend(); ++node) {
      switch ((*node)->kind) {
        case ExpressionKind::kBinary:
          token(as<BinaryExpression>(**node).operator_region);
          expression(*as<BinaryExpression>(**node).right);
          break;
        case ExpressionKind::kIndex:
          expression(*as<IndexExpression>(**node).key);
          break;
        case ExpressionKind::kRelative:
          steps(as<RelativeTraversal>(**node).steps);
          break;
        default:
          expression(*as<SplatExpression>(**node).each);
      }
      gap_to((*node)->region.end);
    }
  }

  void term(const Expression& e) {
    switch (e.kind) {
      case ExpressionKind::kNull:
      case ExpressionKind::kBool:
      case ExpressionKind::kNumber:
        token(e.region);
        break;
      case ExpressionKind::kTemplate:
        template_expression(as<TemplateExpression>(e));
        break;
      case ExpressionKind::kTraversal:
        token(as<Traversal>(e).root.empty() ? e.region : as<Traversal>(e).root_region());
        steps(as<Traversal>(e).steps);
        break;
      case ExpressionKind::kFunctionCall:
        token(as<FunctionCall>(e).name_region);
        for (const Expression* argument : as<FunctionCall>(e).arguments) {
          expression(*argument);
        }
        break;
      case ExpressionKind::kConditional:
        expression(*as<ConditionalExpression>(e).condition);
        expression(*as<ConditionalExpression>(e).true_result);
        expression(*as<ConditionalExpression>(e).false_result);
        break;
      case ExpressionKind::kUnary:
        gap_to(e.region.begin);
        copy_to(e.region.begin + 1);
        expression(*as<UnaryExpression>(e).operand);
        break;
      case ExpressionKind::kParentheses:
        expression(*as<ParenthesesExpression>(e).inner);
        break;
      case ExpressionKind::kTuple:
        for (const Expression* element : as<TupleExpression>(e).elements) {
          expression(*element);
        }
        break;
      case ExpressionKind::kObject:
        for (const ObjectItem& item : as<ObjectExpression>(e).items) {
          expression(*item.key);
          expression(*item.value);
        }
        break;
      case ExpressionKind::kFor:
        for_expression(as<ForExpression>(e));
        break;
      default:
        break;
    }
    gap_to(e.region.end);
  }

  void steps(std::span<const Step> steps) {
    for (const Step& step : steps) {
      token(step.region);
    }
  }

  void for_expression(const ForExpression& e) {
    if (!e.key_variable.empty()) {
      token(e.key_variable);
    }
    token(e.value_variable);
    expression(*e.collection);
    if (e.key != nullptr) {
      expression(*e.key);
    }
    expression(*e.value);
    if (e.condition != nullptr) {
      expression(*e.condition);
    }
  }

  void template_expression(const TemplateExpression& e) {
    if (e.form == TemplateKind::kHeredoc || e.form == TemplateKind::kHeredocIndented) {
      gap_to(e.region.begin);
      copy_to(e.region.begin + (e.form == TemplateKind::kHeredoc ? 2 : 3));
      token(e.delimiter());
    }
    parts(e.parts());
    if (e.form == TemplateKind::kHeredoc || e.form == TemplateKind::kHeredocIndented) {
      const auto size = static_cast<std::uint32_t>(e.delimiter().size());
      gap_to(e.region.end - size);
      if (bytes_.substr(position_, size) == e.delimiter()) {
        copy_to(e.region.end);
      }
    }
  }

  void parts(std::span<const TemplatePart> parts) {
    for (const TemplatePart& part : parts) {
      if (part.kind == TemplatePartKind::kLiteral) {
        token(part.region);
        continue;
      }
      if (part.kind == TemplatePartKind::kFor) {
        if (!part.directive()->key_variable.empty()) {
          token(part.directive()->key_variable);
        }
        token(part.directive()->value_variable);
      }
      expression(*part.expression());
      this->parts(part.body());
      this->parts(part.otherwise());
      gap_to(part.region.end);
    }
  }

  void token(const Region& region) {
    gap_to(region.begin);
    copy_to(region.end);
  }
  void token(std::string_view view) {
    const auto begin = static_cast<std::uint32_t>(view.data() - bytes_.data());
    gap_to(begin);
    copy_to(begin + static_cast<std::uint32_t>(view.size()));
  }
  void copy_to(std::uint32_t end) {
    if (end > position_) {
      out_.append(bytes_.substr(position_, end - position_));
      position_ = end;
    }
  }

  /// Copies up to `end` what the grammar puts between tokens, and leaves out the rest.
  void gap_to(std::uint32_t end) {
    while (position_ < end) {
      const std::uint32_t length = length_of_gap(bytes_.substr(position_, end - position_));
      if (length == 0) {
        ++position_;
      } else {
        copy_to(position_ + length);
      }
    }
  }

  static std::uint32_t length_of_gap(std::string_view text) {
    constexpr std::string_view kPunctuation = " \t\r\n=:,.?()[]{}\"$~>%";
    constexpr std::array<std::string_view, 6> kKeywords = {"for", "in", "if", "else", "endif", "endfor"};
    if (text.front() == '#' || text.starts_with("//")) {
      return static_cast<std::uint32_t>(std::min(text.find('\n'), text.size()));
    }
    if (text.starts_with("/*")) {
      const std::size_t close = text.find("*/", 2);
      return close == std::string_view::npos ? 0 : static_cast<std::uint32_t>(close + 2);
    }
    // White space around the closing marker of a heredoc may be any.
    if (is(text.front(), kNonAscii) || text.front() == '\v' || text.front() == '\f') {
      return static_cast<std::uint32_t>(text.size() - trim_left(text).size());
    }
    if (is(text.front(), kIdentifierStart)) {
      std::size_t size = 1;
      while (size < text.size() && is(text[size], kIdentifierContinue)) {
        ++size;
      }
      const bool keyword = std::find(kKeywords.begin(), kKeywords.end(), text.substr(0, size)) != kKeywords.end();
      return keyword ? static_cast<std::uint32_t>(size) : 0;
    }
    return kPunctuation.find(text.front()) != std::string_view::npos ? 1 : 0;
  }

  std::string_view bytes_;
  std::string out_;
  std::uint32_t position_ = 0;
};

// --- structure ---

constexpr std::array<std::string_view, 13> kBinaryNames = {"||", "&&", "==", "!=", "<", "<=", ">",
                                                           ">=", "+",  "-",  "*",  "/", "%"};

class TreePrinter {
 public:
  void body(const Body& body) {
    for_each_item(
        body,
        [&](const Attribute& attribute) {
          open("attribute ", attribute.name);
          expression(*attribute.expression);
          close();
        },
        [&](const Block& block) {
          open("block ", block.type);
          for (const Label& label : block.labels) {
            out_ += ' ';
            label.quoted ? quoted(label.text()) : void(out_.append(label.text()));
          }
          this->body(*block.body);
          close();
        });
  }

  /// As in SourcePrinter, chains to the left are walked.
  void expression(const Expression& outer) {
    std::vector<const Expression*> spine;
    const Expression* current = &outer;
    while (current != nullptr) {
      const Expression* next = nullptr;
      switch (current->kind) {
        case ExpressionKind::kBinary:
          open("binary ", kBinaryNames[static_cast<std::size_t>(as<BinaryExpression>(*current).op)]);
          next = as<BinaryExpression>(*current).left;
          break;
        case ExpressionKind::kIndex:
          open("index");
          next = as<IndexExpression>(*current).base;
          break;
        case ExpressionKind::kRelative:
          open("relative");
          steps(as<RelativeTraversal>(*current).steps);
          next = as<RelativeTraversal>(*current).base;
          break;
        case ExpressionKind::kSplat:
          open(as<SplatExpression>(*current).full ? "splat [*]" : "splat .*");
          next = as<SplatExpression>(*current).base;
          break;
        default:
          term(*current);
          close();
          break;
      }
      if (next != nullptr) {
        spine.push_back(current);
      }
      current = next;
    }
    for (auto node = spine.rbegin(); node != spine.rend(); ++node) {
      if ((*node)->kind == ExpressionKind::kBinary) {
        expression(*as<BinaryExpression>(**node).right);
      } else if ((*node)->kind == ExpressionKind::kIndex) {
        expression(*as<IndexExpression>(**node).key);
      } else if ((*node)->kind == ExpressionKind::kSplat) {
        expression(*as<SplatExpression>(**node).each);
      }
      close();
    }
  }

  std::string take() {
    if (out_.starts_with('\n')) {
      out_.erase(0, 1);
    }
    out_ += '\n';
    return std::move(out_);
  }

 private:
  /// Opens the node and writes what it holds; the caller closes it.
  void term(const Expression& e) {
    switch (e.kind) {
      case ExpressionKind::kNull:
        open("null");
        break;
      case ExpressionKind::kBool:
        open(as<BoolLiteral>(e).value ? "true" : "false");
        break;
      case ExpressionKind::kNumber:
        open("number ", as<NumberLiteral>(e).text);
        break;
      case ExpressionKind::kTemplate: {
        constexpr std::array<std::string_view, 4> kForms = {"string", "heredoc", "heredoc-indented", "template"};
        const auto& node = as<TemplateExpression>(e);
        open(kForms[static_cast<std::size_t>(node.form)]);
        if (!node.delimiter().empty()) {
          out_ += ' ';
          out_ += node.delimiter();
        }
        if (node.is_literal()) {
          out_ += ' ';
          quoted(node.literal());
        } else {
          parts(node.parts());
        }
        break;
      }
      case ExpressionKind::kTraversal:
        if (as<Traversal>(e).root.empty()) {
          open("each");
        } else {
          open("traversal ", as<Traversal>(e).root);
        }
        steps(as<Traversal>(e).steps);
        break;
      case ExpressionKind::kFunctionCall:
        open("call ", as<FunctionCall>(e).name);
        for (const Expression* argument : as<FunctionCall>(e).arguments) {
          expression(*argument);
        }
        if (as<FunctionCall>(e).expand_final) {
          out_ += " ...";
        }
        break;
      case ExpressionKind::kConditional:
        open("conditional");
        expression(*as<ConditionalExpression>(e).condition);
        expression(*as<ConditionalExpression>(e).true_result);
        expression(*as<ConditionalExpression>(e).false_result);
        break;
      case ExpressionKind::kUnary:
        open(as<UnaryExpression>(e).op == UnaryOperator::kNegate ? "unary -" : "unary !");
        expression(*as<UnaryExpression>(e).operand);
        break;
      case ExpressionKind::kParentheses:
        open("parentheses");
        expression(*as<ParenthesesExpression>(e).inner);
        break;
      case ExpressionKind::kTuple:
        open("tuple");
        for (const Expression* element : as<TupleExpression>(e).elements) {
          expression(*element);
        }
        break;
      case ExpressionKind::kObject:
        open("object");
        for (const ObjectItem& item : as<ObjectExpression>(e).items) {
          if (item.key_is_name) {
            open("item ", as<Traversal>(*item.key).root);
          } else {
            open("item");
            expression(*item.key);
          }
          expression(*item.value);
          close();
        }
        break;
      case ExpressionKind::kFor:
        for_expression(as<ForExpression>(e));
        break;
      default:
        open("error");
    }
  }

  void for_expression(const ForExpression& e) {
    open(e.is_object ? "for-object" : "for-tuple");
    for (const std::string_view variable : {e.key_variable, e.value_variable}) {
      if (!variable.empty()) {
        out_ += ' ';
        out_ += variable;
      }
    }
    if (e.grouping) {
      out_ += " ...";
    }
    named("in", e.collection);
    named("key", e.key);
    named("value", e.value);
    named("if", e.condition);
  }

  void named(std::string_view name, const Expression* e) {
    if (e != nullptr) {
      open(name);
      expression(*e);
      close();
    }
  }

  void parts(std::span<const TemplatePart> parts) {
    for (const TemplatePart& part : parts) {
      switch (part.kind) {
        case TemplatePartKind::kLiteral:
          open("literal ");
          quoted(part.text());
          break;
        case TemplatePartKind::kInterpolation:
          open("interpolation");
          expression(*part.expression());
          break;
        case TemplatePartKind::kIf:
          open("if");
          expression(*part.expression());
          open("then");
          this->parts(part.body());
          close();
          if (part.directive()->has_else) {
            open("else");
            this->parts(part.otherwise());
            close();
          }
          break;
        case TemplatePartKind::kFor:
          open("for");
          for (const std::string_view variable : {part.directive()->key_variable, part.directive()->value_variable}) {
            if (!variable.empty()) {
              out_ += ' ';
              out_ += variable;
            }
          }
          expression(*part.expression());
          open("do");
          this->parts(part.body());
          close();
          break;
      }
      close();
    }
  }

  void steps(std::span<const Step> steps) {
    for (const Step& step : steps) {
      out_ += ' ';
      switch (step.kind) {
        case StepKind::kAttribute:
          out_ += '.';
          out_ += step.name;
          break;
        case StepKind::kIndexNumber:
          out_ += step.legacy ? "." : "[";
          out_ += step.number;
          out_ += step.legacy ? "" : "]";
          break;
        case StepKind::kIndexString:
          out_ += '[';
          quoted(step.name);
          out_ += ']';
      }
    }
  }

  void open(std::string_view kind, std::string_view name = {}) {
    constexpr std::size_t kDeepestIndentation = 32;  // keeps the output of very deep chains linear
    out_ += '\n';
    out_.append(2 * std::min(depth_, kDeepestIndentation), ' ');
    out_ += '(';
    out_ += kind;
    out_ += name;
    ++depth_;
  }
  void close() {
    out_ += ')';
    --depth_;
  }
  void quoted(std::string_view text) {
    constexpr std::string_view kHex = "0123456789abcdef";
    out_ += '"';
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '\n') {
        out_ += "\\n";
      } else if (c == '"' || c == '\\') {
        out_ += '\\';
        out_ += c;
      } else if (byte < ' ') {
        out_ += "\\x";
        out_ += kHex[byte >> 4U];
        out_ += kHex[byte & 0xFU];
      } else {
        out_ += c;
      }
    }
    out_ += '"';
  }

  std::string out_;
  std::size_t depth_ = 0;
};

}  // namespace

std::string print_source(const Body& body, const source::Artifact& artifact) {
  return SourcePrinter(artifact).print(body);
}

std::string print_tree(const Body& body) {
  TreePrinter printer;
  printer.body(body);
  return printer.take();
}

std::string print_tree(const Expression& expression) {
  TreePrinter printer;
  printer.expression(expression);
  return printer.take();
}

}  // namespace gabion::syntax::hcl
