// Collects the edits of one fix of one resource: attributes, blocks and new resources. Used by make_fix alone.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/fix_tree.h"
#include "engine/fix_value.h"
#include "engine/layout.h"
#include "findings/finding.h"
#include "model/model.h"
#include "source/artifact.h"

namespace gabion::engine {

/// What a fix edits: an evaluated body and where its attributes are written.
struct FixTarget {
  const model::Body* body = nullptr;
  const syntax::hcl::Block* block = nullptr;  ///< null when it is written nowhere
};

/// Adds an attribute by its dotted path: "data_resource.type" goes into the nested block data_resource.
void add_nested(NewBlock& block, std::string_view path, const std::string& text);
/// Adds a block below the one at the dotted path, even when there is one of its type.
void add_nested_block(NewBlock& block, std::string_view path, NewBlock added);
/// Adds a list of objects as nested blocks, one each, of the type that the path ends in. False when it is none.
[[nodiscard]] bool add_nested_list(NewBlock& block, std::string_view path, const FixValue& list, const FixStyle& style);

class FixBuilder {
 public:
  /// `choice`: which of the places of each value to edit, 0 the best.
  FixBuilder(const source::ArtifactStore& artifacts, FixSyntax& syntax, const model::Resource& resource,
             const model::Module& module, std::size_t choice)
      : artifacts_(artifacts), syntax_(syntax), resource_(resource), module_(module), choice_(choice) {}

  /// The verbs. False when there is no place to do it; `problem()` may say why.
  [[nodiscard]] bool set(const FixTarget& target, std::string_view path, const FixValue& value);
  /// Sets a member of an object that is an element of a list.
  [[nodiscard]] bool set_member(const eval::Value& element, std::string_view name, const FixValue& value);
  /// Replaces a value where it is written, such as one member of a map.
  [[nodiscard]] bool set_value(const eval::Value& old, const FixValue& value);
  [[nodiscard]] bool insert(const FixTarget& target, std::string_view type, const std::vector<FixMember>& attributes);
  [[nodiscard]] bool remove(const FixTarget& target, std::string_view path);
  /// Takes an element out of the list in which it is written.
  [[nodiscard]] bool remove_value(const eval::Value& element);
  /// Takes one block away, or the element of the collection that a dynamic block makes it from. `siblings` are the
  /// blocks among which it stands.
  [[nodiscard]] bool remove_block(std::span<const model::Block> siblings, const model::Block& block);
  [[nodiscard]] bool add(const FixTarget& target, std::string_view path, const FixValue& entries);
  [[nodiscard]] bool take(const FixTarget& target, std::string_view path, const FixValue& entries);
  /// `once`: one for all instances of the resource.
  [[nodiscard]] bool companion(std::string_view type, std::string_view name, NewBlock body, bool once);
  /// Writes the objects that an attribute is set to as blocks of its name.
  [[nodiscard]] bool to_blocks(const FixTarget& target, std::string_view path);
  /// Sets an argument of the module's call; in a root module the default of the variable.
  [[nodiscard]] bool argument(const std::string& variable, const FixValue& value);
  /// Adds a top-level block behind the call of the module.
  [[nodiscard]] bool beside_call(NewBlock block);
  /// Adds a top-level block behind the last one of its kind in the module, or behind the resource.
  [[nodiscard]] bool declare(std::string_view kind, NewBlock block);
  /// Adds a line at the end of a text file.
  [[nodiscard]] bool append_line(const std::string& path, std::string_view line);
  void add_edits(std::vector<findings::Edit> edits, std::string title);
  /// Does anything that is written so far have that text in it?
  [[nodiscard]] bool writes(std::string_view text) const;

  /// Sorted edits; none when some of them overlap.
  [[nodiscard]] std::vector<findings::Edit> finish();

  [[nodiscard]] findings::Safety safety() const { return safety_; }
  [[nodiscard]] std::string title() const;
  [[nodiscard]] const std::string& why() const { return why_; }
  [[nodiscard]] const std::string& problem() const { return problem_; }
  /// Names of what is declared anew: "aws_kms_key.logs".
  [[nodiscard]] const std::vector<std::string>& declared() const { return declared_; }
  /// Most places that one value could have been edited at.
  [[nodiscard]] std::size_t choices() const { return choices_; }

 private:
  /// A place where a value can be changed.
  struct Place {
    std::vector<findings::Edit> edits;
    std::string title;
    std::string why;
    bool here = false;    ///< at the attribute itself
    bool unsafe = false;  ///< others may use what is changed, or a reference is lost
  };
  [[nodiscard]] bool editable(source::Region region) const { return syntax_.editable(region); }
  /// Sets the member at a dotted path in the one block that an attribute's value stands for.
  [[nodiscard]] bool set_in_object(const eval::Value& blocks, std::string_view path, const FixValue& value);
  [[nodiscard]] bool insert_attribute(const FixTarget& target, std::string_view name, const FixValue& value);
  [[nodiscard]] bool replace(const model::Attribute& attribute, const FixValue& value);
  [[nodiscard]] std::vector<Place> places(const model::Attribute& attribute, const FixValue& value);
  /// Adds a top-level block to the JSON file in which the resource stands: `path` is its type and labels.
  [[nodiscard]] bool insert_json(const std::vector<std::string_view>& path, FixValue body);
  /// Adds members to an object of a JSON file, into those that are there already.
  [[nodiscard]] bool add_members(const FixSpot& root, const FixNode& object, const FixValue& added, int depth);
  void insert_behind(const syntax::hcl::Block& block, const NewBlock& fresh, std::string_view indent,
                     std::string_view step);
  /// Places of the elements of a list whose text is named, wherever each of them is written.
  [[nodiscard]] bool take_written(const model::Attribute& attribute, const std::vector<FixValue>& entries);
  /// The list in which an element is written, as the innermost node around it.
  [[nodiscard]] std::optional<FixSpot> element_spot(const eval::Value& element);
  /// Where an object is written that stands for a block: as an element of a list, or as all of an attribute's value.
  [[nodiscard]] std::optional<FixSpot> object_spot(const eval::Value& object);
  [[nodiscard]] std::optional<FixSpot> written_spot(const eval::Value& value,
                                                    const std::function<bool(const FixSpot&)>& fits);
  void at_call(const eval::Origin& fallback, const std::string& name, const FixValue& value, std::vector<Place>& out);
  /// The list or object that an attribute's value is written as.
  [[nodiscard]] std::optional<FixSpot> data_of(const model::Attribute& attribute);
  /// The innermost target of a dotted path, and its last name; no body when a block on the way is missing.
  [[nodiscard]] FixTarget walk(const FixTarget& target, std::string_view& path) const;
  [[nodiscard]] std::optional<FixSpot> object_of(const syntax::hcl::Block& block);
  [[nodiscard]] std::string place_name(source::Region region) const;
  /// Style of what is written directly inside the block.
  [[nodiscard]] FixStyle style_in(const syntax::hcl::Block& block) const;
  [[nodiscard]] std::string text_at(const syntax::hcl::Block& block, const FixValue& value) const;

  const source::ArtifactStore& artifacts_;
  FixSyntax& syntax_;
  const model::Resource& resource_;
  const model::Module& module_;
  std::size_t choice_;
  std::size_t choices_ = 1;
  std::map<const syntax::hcl::Block*, std::vector<NewAttribute>> new_attributes_;
  std::map<const syntax::hcl::Block*, std::map<std::string, NewBlock>> new_blocks_;
  std::map<const syntax::hcl::Block*, std::vector<NewBlock>> extra_blocks_;
  std::optional<std::pair<FixSpot, FixValue>> json_;  ///< top-level object of a JSON file, and what is added to it
  std::vector<findings::Edit> edits_;
  std::vector<std::string> set_titles_;
  std::vector<std::string> titles_;
  std::vector<std::string> declared_;
  std::string why_;
  std::string problem_;
  findings::Safety safety_ = findings::Safety::kSafe;
};

}  // namespace gabion::engine
