#include "lsp/hover.h"

#include <algorithm>
#include <vector>

#include "lsp/diagnostics.h"
#include "report/markup.h"
#include "report/unicode.h"
#include "terraform/redaction.h"

namespace gabion::lsp {
namespace {

namespace hcl = syntax::hcl;
using eval::Value;

constexpr std::size_t kMostValues = 5;

/// A value over several lines where it is long. What is not known says why.
class Rendering {
 public:
  explicit Rendering(std::string& out) : out_(out) {}

  void write(const Value& value, std::size_t indent) {
    constexpr std::size_t kDeepest = 6;
    if (value.is_sensitive()) {
      out_ += source::kHidden;
      return;
    }
    if (value.is_unknown()) {
      out_ += eval::describe(value) + "  # not known: " + eval::explain(*value.unknown().symbol);
      return;
    }
    const bool sequence = value.is_sequence() && !value.elements().empty();
    const bool mapping = value.is_mapping() && !value.members().empty();
    if ((!sequence && !mapping) || indent / 2 > kDeepest) {
      out_ += value.is_error() ? "# error: " + std::string(value.error().message) : eval::describe(value);
      return;
    }
    const std::string inner(indent + 2, ' ');
    out_ += sequence ? "[\n" : "{\n";
    std::size_t count = 0;
    const auto more = [&](std::size_t size) {
      constexpr std::size_t kMostItems = 30;
      const bool stop = count++ == kMostItems;
      if (stop) {
        out_ += inner + "# " + std::to_string(size - kMostItems) + " more\n";
      }
      return !stop;
    };
    if (sequence) {
      for (const Value& element : value.elements()) {
        if (!more(value.elements().size())) {
          break;
        }
        out_ += inner;
        write(element, indent + 2);
        out_ += '\n';
      }
    } else {
      for (const eval::Member& member : value.members()) {
        if (!more(value.members().size())) {
          break;
        }
        out_ += inner + std::string(member.name) + " = ";
        write(member.value, indent + 2);
        out_ += '\n';
      }
    }
    out_ += std::string(indent, ' ') + (sequence ? "]" : "}");
  }

 private:
  std::string& out_;
};

/// Collects what one expression is worth, as texts: each value once, in the order in which they were met.
class Watcher final : public eval::Observer {
 public:
  Watcher(const hcl::Expression& wanted, std::string_view name, source::Arena& arena)
      : wanted_(wanted), name_(name), arena_(arena) {}

  void saw(const hcl::Expression& expression, const Value& value) override {
    if (&expression != &wanted_) {
      return;
    }
    std::string text;
    Rendering(text).write(terraform::shown_value(value, name_, formats_, arena_), 0);
    if (std::find(texts_.begin(), texts_.end(), text) != texts_.end()) {
      return;
    }
    ++count_;
    if (texts_.size() < kMostValues) {
      texts_.push_back(std::move(text));
    }
  }

  [[nodiscard]] const std::vector<std::string>& texts() const { return texts_; }
  [[nodiscard]] std::size_t more() const { return count_ - texts_.size(); }

 private:
  const hcl::Expression& wanted_;
  std::string_view name_;
  source::Arena& arena_;
  secrets::Redactor formats_;  // knows secrets by their format and name
  std::vector<std::string> texts_;
  std::size_t count_ = 0;
};

/// The expression whose value is asked for, and the name under which it is known.
struct Asked {
  const hcl::Expression* expression = nullptr;
  std::string_view name;
  source::Region region;
};

Asked asked_at(const SyntaxAt& at) {
  if (at.attribute == nullptr) {
    return {};
  }
  if (at.on_name || at.expressions.empty()) {
    return {at.attribute->expression, at.attribute->name, at.attribute->region};
  }
  const hcl::Expression* innermost = at.expressions.back();
  return {innermost, at.attribute->name, innermost->region};
}

std::string fenced(std::string_view text) {
  std::string fence = "```";
  while (text.find(fence) != std::string_view::npos) {
    fence += '`';
  }
  return fence + "hcl\n" + report::printable_lines(text) + "\n" + fence + "\n";
}

std::string values_of(const Asked& asked, ModuleView& modules, const std::string& directory) {
  source::Arena arena;
  Watcher watcher(*asked.expression, asked.name, arena);
  terraform::Workspace& workspace = modules.workspace();
  workspace.set_observer(&watcher);
  for (const std::string& root : modules.roots_of(directory)) {
    for (const terraform::NamedEnvironment* environment : workspace.environments(root)) {
      if (!modules.request().obsolete || !modules.request().obsolete()) {
        static_cast<void>(workspace.evaluate(root, environment));
      }
    }
  }
  workspace.set_observer(nullptr);
  secrets::Redactor redactor;
  static_cast<void>(workspace.files(redactor));
  std::string text;
  if (watcher.texts().empty()) {
    return "_not evaluated: nothing needs it_\n";
  }
  for (std::string value : watcher.texts()) {
    redactor.apply(value);
    text += fenced(value);
  }
  if (watcher.more() > 0) {
    text += "and " + std::to_string(watcher.more()) + " more values\n";
  } else if (watcher.texts().size() > 1) {
    text += "one for each instance or environment\n";
  }
  return text;
}

std::string help_on(const FindingGroup& group) {
  const findings::Finding& finding = *group.first;
  const findings::RuleDescription& rule = *finding.rule;
  std::string text = "**" + std::string(findings::name(finding.severity)) + "** `" + std::string(rule.id) +
                     "`: " + report::markdown(rule.title) + "\n\n" + report::markdown(finding.message) + "\n\n";
  if (!rule.why.empty()) {
    text += report::markdown(rule.why) + "\n\n";
  }
  for (const std::string_view reference : rule.references) {
    text += "- <" + std::string(reference) + ">\n";
  }
  return text;
}

}  // namespace

Json hover(ModuleView& modules, const engine::AnalysisResult& result, const source::Artifact& artifact,
           std::uint32_t offset, ClientView& view) {
  std::vector<std::string> parts;
  source::Region region;
  if (const hcl::Body* tree = modules.tree(artifact); tree != nullptr && modules.ready()) {
    const Asked asked = asked_at(syntax_at(*tree, offset));
    if (asked.expression != nullptr) {
      parts.push_back(values_of(asked, modules, source::directory_of(artifact.path())));
      region = asked.region;
    }
  }
  for (const FindingGroup& group : groups(result.findings)) {
    const source::Region& place = group.first->region;
    if (place.artifact == artifact.id() && place.begin <= offset && offset <= place.end) {
      parts.push_back(help_on(group));
      region = region.valid() ? region : place;
    }
  }
  if (parts.empty()) {
    return nullptr;
  }
  std::string text;
  for (const std::string& part : parts) {
    text += (text.empty() ? "" : "\n---\n\n") + part;
  }
  return {{"contents", {{"kind", "markdown"}, {"value", text}}}, {"range", to_json(view.range(region))}};
}

}  // namespace gabion::lsp
