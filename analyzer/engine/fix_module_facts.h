// What the files of a module declare, and what they say of its variables: which of them a resource hangs on, which are
// switches, and what policy statements these make. All of it is text, kept for as long as fixes are made, since many
// findings are about instances of one block. Asked through FixSyntax.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "source/arena.h"
#include "source/hash.h"
#include "source/region.h"
#include "syntax/hcl/ast.h"

namespace gabion::engine {

/// Names as they are written, or as the rule has them.
using NamePath = std::vector<std::string_view>;

/// A variable, and the constant steps behind it: var.versioning["enabled"].
struct VariableUse {
  std::string_view variable;
  NamePath path;

  friend bool operator==(const VariableUse&, const VariableUse&) = default;
};

/// Names of the members that steps lead to, up to the first index by number.
[[nodiscard]] NamePath names_of(std::span<const syntax::hcl::Step> steps);
/// What stands for the elements in the content of a dynamic block.
[[nodiscard]] std::string_view iterator_of(const syntax::hcl::Block& dynamic);
/// Lower-case words of a text in order, each once: letters and digits together, "DenyUploads" being two. Words that say
/// nothing are left out.
[[nodiscard]] std::vector<std::string> words_of(std::string_view text);

/// What is found out is kept; top-level blocks of the module are only looked at for what is asked for the first time.
class ModuleFacts {
 public:
  /// Gives the top-level blocks of the module's files.
  using Blocks = std::function<std::vector<const syntax::hcl::Block*>()>;

  struct Variable {
    bool is_switch = false;  ///< of type bool, and false when nobody says otherwise
    bool is_list = false;    ///< its default is one
    std::string_view description;
    std::optional<std::vector<std::string>> words{};  ///< in its name, see words()
    std::vector<std::string> told{};                  ///< words in its description
  };

  /// Is there a block of that kind, type and name, or a block of that type with the name alone?
  [[nodiscard]] bool declares(std::string_view kind, std::string_view type, std::string_view name,
                              const Blocks& blocks);
  /// What `find` gives for a type of data sources with its arguments, both in one text.
  [[nodiscard]] const std::string& plain_data(const std::string& wanted, const std::function<std::string()>& find);
  /// The variables that a block of the module hangs on: those in the block itself first, then those behind its locals
  /// and data sources, nearer ones before others. `of_existence`: those alone on which it hangs how many there are.
  [[nodiscard]] const std::vector<VariableUse>& uses(const syntax::hcl::Block& block, bool of_existence,
                                                     const Blocks& blocks);
  /// The variable of that name; null when none is declared.
  [[nodiscard]] const Variable* variable(std::string_view name, const Blocks& blocks);
  /// Two points for each of the words in the variable's name, one for each in its description.
  [[nodiscard]] std::size_t points(std::string_view name, const std::vector<std::string>& words, const Blocks& blocks);
  /// May the variable be a switch for statements of policy documents with these words in their conditions? Where it is
  /// seen which statements it makes, one of them must have them.
  [[nodiscard]] bool may_make(std::string_view variable, const std::vector<std::string>& conditions,
                              const Blocks& blocks);

 private:
  /// A statement that variables switch on.
  struct Statement {
    std::vector<VariableUse> uses;
    std::vector<std::string> words;  ///< what it tests, in order
    bool open = false;               ///< it may test more
  };
  using Variables = std::unordered_map<std::string_view, Variable, source::TextHash>;

  [[nodiscard]] Variables& variables(const Blocks& blocks);
  [[nodiscard]] const std::vector<Statement>& statements(const Blocks& blocks);
  [[nodiscard]] std::vector<VariableUse> lasting(const std::vector<VariableUse>& uses);

  /// Of a block with a name: its kind, which is empty where it has no other label, and its type.
  using Declared = std::pair<std::string_view, std::string_view>;

  source::Arena arena_;                                                                                    ///< texts
  std::optional<std::unordered_map<std::string_view, std::vector<Declared>, source::TextHash>> declared_;  ///< by name
  std::map<std::string, std::string> plain_data_;
  std::map<std::pair<source::Region, bool>, std::vector<VariableUse>> uses_;
  std::optional<Variables> variables_;
  std::optional<std::vector<Statement>> statements_;
};

}  // namespace gabion::engine
