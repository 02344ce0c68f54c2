#include "syntax/hcl/copy.h"

#include <functional>
#include <utility>

namespace gabion::syntax::hcl {
namespace {

class Copier {
 public:
  Copier(const source::Artifact& from, const source::Artifact& to, source::Arena& arena)
      : from_(from.bytes()), to_(to.bytes()), artifact_(to.id()), arena_(arena) {}

  Body body(const Body& old) {
    const std::span<Attribute> attributes = arena_.duplicate(old.attributes);
    for (Attribute& attribute : attributes) {
      move(attribute.name);
      move(attribute.region);
      attribute.expression = expression(*attribute.expression);
    }
    const std::span<Block> blocks = arena_.duplicate(old.blocks);
    for (Block& block : blocks) {
      move(block.type);
      move(block.header);
      move(block.region);
      block.labels = labels(block.labels);
      block.body = arena_.make<Body>(body(*block.body));
    }
    Body made = old;
    made.attributes = attributes;
    made.blocks = blocks;
    move(made.region);
    return made;
  }

 private:
  void move(Region& region) const { region.artifact = artifact_; }

  /// Where the text stands in the other file; texts that were unescaped or put together stand nowhere.
  void move(std::string_view& text) const {
    const bool inside = text.data() != nullptr && !std::less<>{}(text.data(), from_.data()) &&
                        !std::less<>{}(from_.data() + from_.size(), text.data() + text.size());
    text = inside ? to_.substr(static_cast<std::size_t>(text.data() - from_.data()), text.size()) : arena_.copy(text);
  }

  std::span<const Label> labels(std::span<const Label> old) {
    if (old.empty()) {
      return {};
    }
    const std::span<Label> made = arena_.duplicate(old);
    for (Label& label : made) {
      std::string_view text = label.text();
      Region region = label.region;
      move(text);
      move(region);
      label = Label(text, label.quoted, region);
    }
    return made;
  }

  std::span<const Step> steps(std::span<const Step> old) {
    const std::span<Step> made = arena_.duplicate(old);
    for (Step& step : made) {
      move(step.name);
      move(step.number);
      move(step.region);
    }
    return made;
  }

  std::span<const Expression* const> expressions(std::span<const Expression* const> old) {
    const std::span<const Expression*> made = arena_.duplicate(old);
    for (const Expression*& one : made) {
      one = expression(*one);
    }
    return made;
  }

  TemplatePart part(const TemplatePart& old) {
    Region region = old.region;
    move(region);
    if (old.kind == TemplatePartKind::kLiteral) {
      std::string_view text = old.text();
      move(text);
      return {region, text};
    }
    const Directive* outer = old.directive();
    if (outer == nullptr) {
      return {region, expression(*old.expression())};
    }
    auto* made = arena_.make<Directive>(*outer);
    made->expression = expression(*outer->expression);
    move(made->key_variable);
    move(made->value_variable);
    made->body = parts(outer->body);
    made->otherwise = parts(outer->otherwise);
    return {old.kind, region, made};
  }

  std::span<const TemplatePart> parts(std::span<const TemplatePart> old) {
    const std::span<TemplatePart> made = arena_.duplicate(old);
    for (TemplatePart& one : made) {
      one = part(one);
    }
    return made;
  }

  /// A node as it was, but for its place.
  template <class Node>
  Node* node(const Expression& old) {
    auto* made = arena_.make<Node>(as<Node>(old));
    move(made->region);
    return made;
  }

  const Expression* string(const TemplateExpression& old) {
    switch (old.kept_as) {
      case TemplateParts::kOneLiteral: {
        auto* made = node<PlainTemplate>(old);
        made->part = part(made->part);
        return made;
      }
      case TemplateParts::kList: {
        const bool heredoc = old.form == TemplateKind::kHeredoc || old.form == TemplateKind::kHeredocIndented;
        TemplateOfParts* made = heredoc ? node<HeredocExpression>(old) : node<TemplateOfParts>(old);
        move(made->inside);
        made->list = parts(made->list);
        if (heredoc) {
          move(static_cast<HeredocExpression&>(*made).marker);
        }
        return made;
      }
      default: {
        auto* made = node<EmptyTemplate>(old);
        move(made->inside);
        return made;
      }
    }
  }

  /// What stands for an element is one node, wherever a splat speaks of it.
  const Expression* splat(SplatExpression& made) {
    move(made.marker);
    const auto outer = std::exchange(item_, {made.item, node<Traversal>(*made.item)});
    const bool nothing_follows = made.each == made.item;
    made.item = item_.second;
    made.each = nothing_follows ? made.item : expression(*made.each);
    item_ = outer;
    return &made;
  }

  /// Chains lean to the left and are as long as a file allows: they are followed in a loop.
  const Expression* expression(const Expression& whole) {
    const Expression* result = nullptr;
    const Expression** place = &result;
    const Expression* old = &whole;
    while (old != nullptr) {
      const Expression** const here = place;
      const Expression* left = nullptr;
      const auto goes_on = [&](auto* made, const Expression*& in_made) {
        *here = made;
        left = in_made;
        place = &in_made;
      };
      switch (old->kind) {
        case ExpressionKind::kBinary: {
          auto* made = node<BinaryExpression>(*old);
          move(made->operator_region);
          made->right = expression(*made->right);
          goes_on(made, made->left);
          break;
        }
        case ExpressionKind::kRelative: {
          auto* made = node<RelativeTraversal>(*old);
          made->steps = steps(made->steps);
          goes_on(made, made->base);
          break;
        }
        case ExpressionKind::kIndex: {
          auto* made = node<IndexExpression>(*old);
          made->key = expression(*made->key);
          goes_on(made, made->base);
          break;
        }
        case ExpressionKind::kSplat: {
          auto* made = node<SplatExpression>(*old);
          (void)splat(*made);
          goes_on(made, made->base);
          break;
        }
        default:
          *here = single(*old);
      }
      old = left;
    }
    return result;
  }

  const Expression* single(const Expression& old) {
    switch (old.kind) {
      case ExpressionKind::kNull:
        return node<NullLiteral>(old);
      case ExpressionKind::kBool:
        return node<BoolLiteral>(old);
      case ExpressionKind::kNumber: {
        auto* made = node<NumberLiteral>(old);
        move(made->text);
        return made;
      }
      case ExpressionKind::kTemplate:
        return string(as<TemplateExpression>(old));
      case ExpressionKind::kTraversal: {
        if (&old == item_.first) {
          return item_.second;
        }
        auto* made = node<Traversal>(old);
        move(made->root);
        made->steps = steps(made->steps);
        return made;
      }
      case ExpressionKind::kFunctionCall: {
        auto* made = node<FunctionCall>(old);
        move(made->name);
        move(made->name_region);
        made->arguments = expressions(made->arguments);
        return made;
      }
      case ExpressionKind::kConditional: {
        auto* made = node<ConditionalExpression>(old);
        made->condition = expression(*made->condition);
        made->true_result = expression(*made->true_result);
        made->false_result = expression(*made->false_result);
        return made;
      }
      case ExpressionKind::kUnary: {
        auto* made = node<UnaryExpression>(old);
        made->operand = expression(*made->operand);
        return made;
      }
      case ExpressionKind::kParentheses: {
        auto* made = node<ParenthesesExpression>(old);
        made->inner = expression(*made->inner);
        return made;
      }
      case ExpressionKind::kTuple: {
        auto* made = node<TupleExpression>(old);
        made->elements = expressions(made->elements);
        return made;
      }
      case ExpressionKind::kObject: {
        auto* made = node<ObjectExpression>(old);
        const std::span<ObjectItem> items = arena_.duplicate(made->items);
        for (ObjectItem& item : items) {
          item.key = expression(*item.key);
          item.value = expression(*item.value);
        }
        made->items = items;
        return made;
      }
      case ExpressionKind::kFor: {
        auto* made = node<ForExpression>(old);
        move(made->key_variable);
        move(made->value_variable);
        made->collection = expression(*made->collection);
        made->key = made->key == nullptr ? nullptr : expression(*made->key);
        made->value = expression(*made->value);
        made->condition = made->condition == nullptr ? nullptr : expression(*made->condition);
        return made;
      }
      default:
        return node<ErrorExpression>(old);
    }
  }

  std::string_view from_;
  std::string_view to_;
  source::ArtifactId artifact_;
  source::Arena& arena_;
  /// What stands for an element in the splat that is copied, and its copy.
  std::pair<const Expression*, const Expression*> item_{};
};

}  // namespace

const Body* copy_tree(const Body& body, const source::Artifact& from, const source::Artifact& to,
                      source::Arena& arena) {
  return arena.make<Body>(Copier(from, to, arena).body(body));
}

}  // namespace gabion::syntax::hcl
