// Which arguments of a module call may bring about what a fix would add: a module often has the resource already, and
// its arguments switch it off. Used by FixMaker; what is found here is only worth a try, the proof tells.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/fix_tree.h"
#include "engine/fix_value.h"

namespace gabion::engine {

/// What a fix wants of a resource that it would add.
struct WantedResource {
  std::string_view type;
  std::string name;
  /// Attribute path ("rule.id") and value, as it can be written at the call.
  std::vector<std::pair<std::string, FixValue>> values;
  /// All that would be written, to tell the likely arguments from the others by the words in their names.
  std::string text;
  /// Operators, keys and values of the conditions of statements that would be added to a policy.
  std::string conditions{};
  /// The call of the module, where what it switches off may be all that is wanted.
  const syntax::hcl::Block* call = nullptr;
  /// The resource that is judged, when it is another one: a switch that it hangs on itself would take it away.
  const syntax::hcl::Block* judged = nullptr;
};

/// A variable of the module and the value that it may need.
struct ModuleArgument {
  std::string variable;
  FixValue value;
  bool guessed = false;  ///< by words in common
};

/// Which variables of type bool are worth a try as switches.
struct Switches {
  /// A word in common with the wanted text counts two points in the name and one in the description; that many there
  /// must be.
  std::size_t least_points = 0;
  /// Only those on which it hangs whether there is a resource, not those that say what it is like.
  bool of_existence = false;
};

/// Arguments to try, the likeliest first: the variable that the judged resource takes the wanted attribute from, also
/// in a dynamic block that there is none of, members of a variable that the call has switched off, values of a variable
/// whose members the resource reads under the names of the wanted attributes, then variables of type bool whose default
/// is false on which it hangs, by expressions, locals and data sources of the module. Empty when the module has no such
/// resource.
[[nodiscard]] std::vector<ModuleArgument> arguments_for(FixSyntax& syntax, std::string_view directory,
                                                        const WantedResource& wanted, const Switches& which);

}  // namespace gabion::engine
